-- Grain: one row: a post with what was read in it.
select
    posts.*,
    annotations.goal_p,
    annotations.is_corrected,
    (select list(theme order by theme) from core.post_themes where post_key = $post_key) as themes
from core.posts as posts
left join core.annotations as annotations using (post_key)
where posts.post_key = $post_key
