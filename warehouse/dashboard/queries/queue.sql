-- Grain: one row per post that waits for a person, the most doubtful first; not what the model thinks of it.
select created_at, platform, role, text
from mart.review_queue
order by goal_p, post_key
limit 200
