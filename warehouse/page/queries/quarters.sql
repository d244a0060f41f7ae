-- Grain: one row per quarter and class of organisation (null: not told), the newest five quarters.
with agenda as (
    select quarter, class, organisation_key from mart.organisation_agenda
    where quarter > (select max(quarter) from mart.organisation_agenda) - interval 15 month
)

select quarter, class, count(*) as count_organisations
from agenda
group by quarter, class
order by quarter, class
