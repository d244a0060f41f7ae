-- What the model reads in $post_key; what a person made of it is no guess.
select
    annotations.purpose,
    annotations.goal,
    annotations.goal_p,
    coalesce((select list_sort(list(theme)) from core.post_themes where post_key = $post_key), []) as themes
from core.annotations as annotations
where annotations.post_key = $post_key and not annotations.is_corrected
