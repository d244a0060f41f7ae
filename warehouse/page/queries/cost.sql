-- Grain: one row per source and billed resource: reads of the last seven days, this UTC month, and in all.
with published as (
    select (value::timestamptz at time zone 'UTC')::date as today from ops.about where name = 'published_at'
)

select
    budget.source,
    budget.resource,
    coalesce(sum(budget.count_reads) filter (where budget.read_date > published.today - interval 7 day), 0)::bigint
        as reads_week,
    coalesce(
        sum(budget.count_reads) filter (where budget.read_date >= date_trunc('month', published.today)), 0
    )::bigint as reads_month,
    sum(budget.count_reads)::bigint as reads_all
from ops.budget as budget
cross join published
group by budget.source, budget.resource
order by budget.source, budget.resource
