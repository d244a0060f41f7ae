-- A dated snapshot of the counts of posts younger than $days, moved or not. $counts: list of (post_id, counts).
insert into metrics
select posts.platform, posts.post_id, $now, given.likes, given.replies, given.reposts, given.quotes, given.views
from posts
join (
    select
        unnest(
            $counts::struct(
                post_id varchar, likes bigint, replies bigint, reposts bigint, quotes bigint, views bigint
            )[],
            recursive := true
        )
) as given
    on given.post_id = posts.post_id
where
    posts.platform = $platform
    and posts.created_at > $now - to_days($days::integer)
    and coalesce(given.likes, given.replies, given.reposts, given.quotes, given.views) is not null
