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
        hours_gap: coalesce(coverage.hours_gap, 0),
        count_capped: coalesce(coverage.count_capped, 0),
        count_open: coalesce(coverage.count_open, 0),
        count_posts: coalesce(coverage.count_posts, 0),
        count_dutch_posts: coalesce(coverage.count_dutch_posts, 0)
    } order by months.month) as months
from sources
cross join months
left join mart.coverage as coverage
    on coverage.source = sources.source
    and coverage.month = months.month
group by sources.source
order by sources.source
