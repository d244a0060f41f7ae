-- Grain: one row per post that says something like a post, the nearest first.
select similarity, post_key, goal, text
from core.similar($post_key, count_rows := 10)
