-- Grain: one row per quarter, the newest four: how many organisations are in which class; withheld: too small to tell.
with agenda as (
    select quarter, class from mart.organisation_agenda
    where quarter > (select max(quarter) from mart.organisation_agenda) - interval 12 month
)

select
    quarter,
    count(*) filter (where class = 'on_agenda') as on_agenda,
    count(*) filter (where class = 'talked_about') as talked_about,
    count(*) filter (where class = 'absent') as absent,
    count(*) filter (where class is null) as withheld
from agenda
group by quarter
order by quarter
