-- Posts past the days that their platform's posts are kept. $days: list of (platform, days).
select posts.platform, posts.post_id
from posts
join (
    select unnest($days::struct(platform varchar, days bigint)[], recursive := true)
) as kept
    on kept.platform = posts.platform
where
    posts.source <> 'sample'
    and kept.days > 0
    and posts.created_at < $now - to_days(kept.days::integer)
order by posts.created_at, posts.platform, posts.post_id
limit $limit
