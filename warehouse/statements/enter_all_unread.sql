-- Every post whose present text and bio $model_version has not read waits; the only time that all texts are compared.
insert into unread
with present as (
    select
        posts.platform,
        posts.post_id,
        posts.post_key,
        sha256(posts.text || chr(31) || coalesce(authors.bio, '')) as text_hash
    from posts
    left join authors using (platform, author_id)
)

select platform, post_id, post_key, text_hash
from present
anti join (
    select platform, post_id, text_hash
    from annotations
    where model_version = $model_version
) using (platform, post_id, text_hash)
