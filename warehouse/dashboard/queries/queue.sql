-- Grain: one row per post that waits for a person, the most doubtful first; not what the model thinks of it.
-- At most 200 are shown; `count_waiting` tells how many there are.
select
    created_at,
    platform,
    role,
    text,
    count(*) over () as count_waiting
from mart.review_queue
order by goal_p, post_key
limit 200
