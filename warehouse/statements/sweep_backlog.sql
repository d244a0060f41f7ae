-- Grain: one row per platform. How many posts, the longest unlooked at, and what waits to be erased.
select
    posts.platform,
    count(*) as count_posts,
    min(greatest(
        if(posts.collected_at <= $now, posts.collected_at, posts.created_at),
        coalesce(if(looks.looked_at <= $now, looks.looked_at, posts.created_at), posts.created_at)
    )) as oldest_at,
    count(*) filter (where looks.outcome in ('deleted', 'protected', 'suspended', 'doubted')) as count_noticed
from posts
left join looks using (platform, post_id)
where posts.source <> 'sample'
group by posts.platform
order by posts.platform
