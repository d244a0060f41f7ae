-- Grain: one row per Dutch post that fits the filters, the newest first; null: no filter. Days begin at midnight in Dutch local time.
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
    and posts.created_at >= $since::date::timestamp at time zone 'Europe/Amsterdam'
    and posts.created_at < $until::date::timestamp at time zone 'Europe/Amsterdam'
    and ($keys is null or posts.post_key in (select unnest($keys::varchar[])))
order by posts.created_at desc, posts.post_key
limit 500
