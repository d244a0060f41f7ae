-- Posts of a platform that nobody has looked at for $hours, the longest ago first; what is doubted goes before all.
-- To collect a post again is a look at it too.
select posts.post_id
from posts
left join looks using (platform, post_id)
where
    posts.platform = $platform
    and posts.source <> 'sample'
    and (
        looks.outcome = 'doubted'
        or greatest(posts.collected_at, coalesce(looks.looked_at, posts.collected_at))
            < $now - to_microseconds(($hours * 3600000000)::bigint)
    )
order by
    coalesce(looks.outcome, '') <> 'doubted',
    greatest(posts.collected_at, coalesce(looks.looked_at, posts.collected_at)),
    posts.post_id
limit $limit
