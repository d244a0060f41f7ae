-- Every post whose present text and bio were not last read by $model_version waits: the last reading is the one that
-- counts (build/annotated.sql), so an earlier one by this model is none. The only time that all texts are compared.
insert into unread
with present as (
    select
        posts.platform,
        posts.post_id,
        posts.post_key,
        sha256(posts.text || chr(31) || coalesce(authors.bio, '')) as text_hash
    from posts
    left join authors using (platform, author_id)
),

newest as (
    select platform, post_id, text_hash, model_version
    from annotations
    qualify row_number() over (
        partition by platform, post_id
        order by annotated_at desc, model_version desc
    ) = 1
)

select platform, post_id, post_key, text_hash
from present
anti join (
    select platform, post_id, text_hash
    from newest
    where model_version = $model_version
) using (platform, post_id, text_hash)
