-- What an erasure does to the figures of past months, Europe/Amsterdam: before anything goes. Posts that nobody has read
-- count as unread. Published by ops/erasures.sql.
insert into erasure_effects
with read as (
    select
        posts.platform,
        posts.post_id,
        date_trunc('month', posts.created_at at time zone 'Europe/Amsterdam')::date as month,
        coalesce(annotations.purpose, 'unread') as purpose
    from posts
    left join annotations using (platform, post_id)
    qualify row_number() over (
        partition by posts.platform, posts.post_id order by annotations.annotated_at desc nulls last
    ) = 1
)

select
    (now() at time zone 'Europe/Amsterdam')::date as erased_on,
    read.month,
    read.purpose,
    count(*) as count_before,
    count(going.post_id) as count_erased
from read
left join going using (platform, post_id)
group by read.month, read.purpose
having count(going.post_id) > 0
