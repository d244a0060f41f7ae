-- Posts of a platform that nobody has looked at for $hours, the longest ago first; what is doubted goes before all.
-- To collect a post is a look at it too, and again when it has changed. Collected unchanged it is asked about all the
-- same: collected_at stays that of the page that the post as it is came from, for erasing finds the page by it; and
-- what comes in again may be an old file. A look dated ahead, by a clock that ran ahead, is none.
-- One server gets no more than a quarter of the $limit while others wait: one that is gone for good, whose posts stay
-- the oldest, keeps nobody else's from being asked about. Ids of platforms that are one server name none.
with looked as (
    select
        posts.post_id,
        looks.outcome,
        greatest(
            if(posts.collected_at <= $now, posts.collected_at, posts.created_at),
            coalesce(if(looks.looked_at <= $now, looks.looked_at, posts.created_at), posts.created_at)
        ) as looked_at
    from posts
    left join looks using (platform, post_id)
    where posts.platform = $platform and posts.source <> 'sample'
),

due as (
    select
        post_id,
        coalesce(outcome, '') <> 'doubted' as is_certain,
        looked_at,
        regexp_extract(post_id, '^https?://([^/]+)/', 1) as server
    from looked
    where
        outcome = 'doubted'
        or looked_at < $now - to_microseconds(($hours * 3600000000)::bigint)
),

placed as (
    select
        post_id,
        is_certain,
        looked_at,
        row_number() over (partition by server order by is_certain, looked_at, post_id) as place
    from due
)

select post_id
from placed
order by
    place > greatest($limit / 4, 1),
    is_certain,
    looked_at,
    post_id
limit $limit
