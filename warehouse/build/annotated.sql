-- Grain: one row per annotated post, with the annotation that counts: the last one made.
create or replace temp table annotated as
select
    posts.post_key,
    posts.author_key,
    posts.created_at,
    annotations.* exclude (platform, post_id)
from vault.annotations
join vault.posts using (platform, post_id)
qualify row_number() over (
    partition by annotations.platform, annotations.post_id
    order by annotations.annotated_at desc, annotations.model_version desc
) = 1
