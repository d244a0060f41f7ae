-- A probability lies within 0 and 1.
select post_key from core.annotations
where
    not (purpose_p between 0 and 1 and goal_p between 0 and 1 and role_p between 0 and 1)
    or not model_goal_p between 0 and 1
union all
select post_key from core.post_themes where not theme_p between 0 and 1
