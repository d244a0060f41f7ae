-- Grain: one row per quarter, the newest four and those of the survey: how many organisations are in which class, and how many of them are not named.
select
    quarter,
    on_agenda,
    talked_about,
    absent,
    count_unnamed,
    withheld
from mart.agenda_quarters
where
    quarter > (select max(quarter) from mart.agenda_quarters) - interval 12 month
    or quarter >= (select min(since) from mart.survey_2013)
order by quarter
