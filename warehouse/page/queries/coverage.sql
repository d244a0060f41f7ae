-- Grain: one row per source, with the newest thirteen months.
with months as (
    select unnest(generate_series(
        greatest(min(month), max(month) - interval 12 month)::timestamp, max(month)::timestamp, interval 1 month
    ))::date as month
    from mart.coverage
),

sources as (
    select distinct source from mart.coverage
)

select
    sources.source,
    list({
        month: months.month,
        share_covered: coverage.share_covered,
        count_posts: coalesce(coverage.count_posts, 0)
    } order by months.month) as months
from sources
cross join months
left join mart.coverage as coverage
    on coverage.source = sources.source
    and coverage.month = months.month
group by sources.source
order by sources.source
