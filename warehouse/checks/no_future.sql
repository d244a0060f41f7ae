-- No post was made more than a day after it was collected.
select post_key from core.posts where created_at > collected_at + interval 1 day
