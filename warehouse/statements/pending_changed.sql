-- Posts whose present text and bio $model_version has not read. The hash is that of nlp.annotation.hash_text.
select posts.platform, posts.post_id, posts.text, authors.bio, posts.masked_text
from posts
left join authors using (platform, author_id)
anti join (
    select platform, post_id, text_hash
    from annotations
    where model_version = $model_version
) as done
    on done.platform = posts.platform
    and done.post_id = posts.post_id
    and done.text_hash = sha256(posts.text || chr(31) || coalesce(authors.bio, ''))
order by posts.created_at desc, posts.platform, posts.post_id
limit $limit
