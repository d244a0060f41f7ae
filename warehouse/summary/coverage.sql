-- Grain: one row per source, over everything planned.
with posts as (
    select source, count(*) as posts from core.posts group by source
)

select
    windows.source,
    count(*) as windows,
    count(*) filter (where windows.state not in ('complete', 'capped')) as open_windows,
    sum(coalesce(epoch(windows.until - windows.covered_since), 0)) / sum(epoch(windows.until - windows.since))
        as share_covered,
    coalesce(any_value(posts.posts), 0) as posts
from ops.coverage as windows
left join posts using (source)
group by windows.source
order by windows.source
