-- The newest month that is over, or the newest at all when there is no other.
select created_month
from core.posts
where is_counted
group by created_month
order by
    created_month + interval 1 month <= (
        select value::timestamptz from ops.about where name = 'published_at'
    ) at time zone 'Europe/Amsterdam' desc,
    created_month desc
limit 1
