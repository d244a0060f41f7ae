-- Grain: one row per platform.
select
    platform,
    count(*) as posts,
    count(*) filter (where is_dutch) as dutch_posts,
    count(distinct author_key) as authors,
    max(created_at) as newest_post_at
from core.posts
group by platform
order by platform
