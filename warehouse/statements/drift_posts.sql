-- Posts of $month and of the $months before it, at most 20,000 of each side, the same ones every time.
-- As the model read them: what people corrected is mostly what it doubted, and without that it would seem surer.
select
    coalesce(posts.author_key, posts.post_key) as author,
    annotations.model_goal,
    annotations.model_goal_p,
    posts.created_month = $month::date as is_month,
    posts.text
from core.posts as posts
join core.annotations as annotations using (post_key)
where
    posts.is_counted
    and posts.created_month <= $month::date
    and posts.created_month >= $month::date - to_months($months::integer)
qualify row_number() over (partition by posts.created_month = $month::date order by posts.post_key) <= 20000
order by posts.post_key
