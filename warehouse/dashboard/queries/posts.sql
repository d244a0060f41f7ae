-- Grain: one row per Dutch post that fits the filters, the newest first; null: no filter.
select
    posts.post_key,
    posts.created_at,
    posts.platform,
    posts.role,
    posts.purpose,
    posts.goal,
    annotations.goal_p,
    posts.text
from core.posts as posts
join core.annotations as annotations using (post_key)
where
    posts.is_counted
    and ($platform is null or posts.platform = $platform)
    and ($role is null or posts.role = $role)
    and ($goal is null or posts.goal = $goal)
    and posts.created_at >= $since
    and posts.created_at < $until
    and ($keys is null or posts.post_key in (select unnest($keys::varchar[])))
order by posts.created_at desc, posts.post_key
limit 500
