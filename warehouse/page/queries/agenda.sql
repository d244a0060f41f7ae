-- Grain: one row per named organisation, with its classes in the newest four quarters: the twenty that are known best.
-- A quarter without a class is one in which nobody posted, or too few could have.
with quarters as (
    select distinct quarter from mart.organisation_agenda
    where quarter > (select max(quarter) from mart.organisation_agenda) - interval 12 month
),

named as (
    select
        organisation_key,
        any_value(organisation) as organisation,
        max(count_possible_authors) as count_possible_authors
    from mart.organisation_agenda
    semi join quarters using (quarter)
    where organisation is not null and class is not null
    group by organisation_key
),

shown as (
    select named.*, count(*) over () as count_named
    from named
    order by count_possible_authors desc, organisation, organisation_key
    limit 20
)

select
    shown.organisation,
    any_value(shown.count_named) as count_named,
    list({
        quarter: quarters.quarter,
        class: agenda.class,
        share: agenda.share_serving,
        count_posts: agenda.count_posts
    } order by quarters.quarter) as quarters
from shown
cross join quarters
left join mart.organisation_agenda as agenda
    on agenda.organisation_key = shown.organisation_key
    and agenda.quarter = quarters.quarter
group by shown.organisation_key, shown.organisation
order by shown.organisation, shown.organisation_key
