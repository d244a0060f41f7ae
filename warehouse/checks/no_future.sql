-- No post was made more than a day after it was collected.
select post_key from core.posts where epoch(created_at) - epoch(collected_at) > 24 * 60 * 60
