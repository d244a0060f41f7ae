-- Labels are those of the codebook, and a goal falls under its purpose. A post counts once, whichever of its goals is none.
select post_key from core.annotations as annotations
anti join core.labels as labels
    on labels.dimension = 'goal' and labels.label = annotations.goal and labels.purpose = annotations.purpose
union
select post_key from core.annotations as annotations
anti join core.labels as labels on labels.dimension = 'goal' and labels.label = annotations.model_goal
union all
select post_key from core.post_themes as themes
anti join core.labels as labels on labels.dimension = 'theme' and labels.label = themes.theme
union all
select author_key from core.authors as authors
anti join core.labels as labels on labels.dimension = 'role' and labels.label = authors.role
