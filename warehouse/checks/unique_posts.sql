-- Every post stands in core.posts once.
select post_key from core.posts group by post_key having count(*) > 1
