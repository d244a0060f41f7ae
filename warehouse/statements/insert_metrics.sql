-- A dated snapshot of a post's counts, when it is new or one of them moved.
insert into metrics
select platform, post_id, collected_at, likes, replies, reposts, quotes, views
from batch
where
    (change = 'insert' or (change = 'update' and is_counted))
    and coalesce(likes, replies, reposts, quotes, views) is not null
