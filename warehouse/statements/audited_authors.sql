-- One row per author of an audited post, platform, role, month and label (null: the posts themselves): how many posts.
with theirs as (
    select
        posts.post_key,
        coalesce(posts.author_key, posts.post_key) as cluster_key,
        posts.platform,
        posts.role,
        posts.created_month
    from core.posts as posts
    where
        posts.is_counted
        and coalesce(posts.author_key, posts.post_key) in (select cluster_key from audited)
),

labelled as (
    select post_key, null as dimension, null as label from theirs
    union all
    select post_key, 'purpose' as dimension, model_purpose as label from annotated semi join theirs using (post_key)
    union all
    select post_key, 'goal' as dimension, model_goal as label from annotated semi join theirs using (post_key)
    union all
    select post_key, 'theme' as dimension, unnest(model_themes) as label
    from annotated semi join theirs using (post_key)
)

select
    theirs.cluster_key,
    theirs.platform,
    theirs.role,
    theirs.created_month,
    labelled.dimension,
    labelled.label,
    count(*) as posts
from theirs
join labelled using (post_key)
group by all
