-- There are no fewer posts than at the last publishing, but for those that were erased since.
with last as (
    select * from vault.publications order by published_at desc limit 1
),

erased as (
    select coalesce(sum(erasures.count_posts), 0) as count_posts
    from vault.erasures
    join last on erasures.erased_at >= last.published_at
)

select last.count_posts
from last
cross join erased
where (select count(*) from core.posts) < last.count_posts - erased.count_posts
