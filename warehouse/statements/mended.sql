-- By how many posts corrections changed each label, per platform, role and month: model less person.
with mended as (
    select
        annotated.*,
        posts.platform,
        posts.role as author_role,
        posts.created_month
    from annotated
    join core.posts as posts using (post_key)
    where annotated.is_corrected and posts.is_counted
),

changes as (
    select platform, author_role, created_month, 'purpose' as dimension, model_purpose as label, 1 as change from mended
    union all
    select platform, author_role, created_month, 'purpose' as dimension, purpose as label, -1 as change from mended
    union all
    select platform, author_role, created_month, 'goal' as dimension, model_goal as label, 1 as change from mended
    union all
    select platform, author_role, created_month, 'goal' as dimension, goal as label, -1 as change from mended
    union all
    select platform, author_role, created_month, 'theme' as dimension, unnest(model_themes) as label, 1 as change
    from mended
    union all
    select platform, author_role, created_month, 'theme' as dimension, unnest(themes) as label, -1 as change from mended
)

select platform, author_role, created_month, dimension, label, sum(change)::bigint as change
from changes
group by all
