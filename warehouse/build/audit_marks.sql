-- Grain: one row per audited post and label that people or the model gave it: how much of each.
-- Themes of a post whose themes nobody judged are left out.
create or replace temp table audit_marks as
with said as (
    select post_key, 'purpose' as dimension, purpose as label, 1 / audited.count_answers as truth, 0 as guess
    from answers join audited using (post_key) where is_final
    union all
    select post_key, 'goal' as dimension, goal as label, 1 / audited.count_answers as truth, 0 as guess
    from answers join audited using (post_key) where is_final
    union all
    select post_key, 'theme' as dimension, unnest(themes) as label, 1 / audited.count_themes_answers as truth, 0 as guess
    from answers join audited using (post_key) where is_final
    union all
    select post_key, 'purpose' as dimension, model_purpose as label, 0 as truth, 1 as guess
    from annotated semi join audited using (post_key)
    union all
    select post_key, 'goal' as dimension, model_goal as label, 0 as truth, 1 as guess
    from annotated semi join audited using (post_key)
    union all
    select post_key, 'theme' as dimension, unnest(model_themes) as label, 0 as truth, 1 as guess
    from annotated where post_key in (select post_key from audited where count_themes_answers > 0)
)

select
    post_key,
    dimension,
    label,
    sum(truth)::double as truth,
    sum(guess)::double as guess
from said
group by post_key, dimension, label
