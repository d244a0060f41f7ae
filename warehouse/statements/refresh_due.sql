-- Posts of a platform that are younger than $days and were not looked at on the UTC day of $now, the longest ago first.
-- To collect a post is a look at it too, and again when it has changed; a look dated ahead is none (as in sweep_due.sql).
-- What is known to be gone waits for the sweep.
with seen as (
    select
        posts.post_id,
        greatest(
            if(posts.collected_at <= $now, posts.collected_at, posts.created_at),
            case when looks.looked_at <= $now then looks.looked_at end
        ) as seen_at
    from posts
    left join looks using (platform, post_id)
    where
        posts.platform = $platform
        and posts.source <> 'sample'
        and posts.created_at > $now - to_days($days::integer)
        and coalesce(looks.outcome, 'found') in ('found', 'unknown')
)

select post_id
from seen
where (seen_at at time zone 'UTC')::date < ($now at time zone 'UTC')::date
order by seen_at, post_id
limit $limit
