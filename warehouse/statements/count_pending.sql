-- How many posts have a present text and bio that $model_version has not read.
select count(*) as count_pending
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
