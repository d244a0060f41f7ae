-- Posts that $model_version has never read, newest first.
with unread as (
    select platform, post_id, created_at
    from posts
    anti join (
        select platform, post_id
        from annotations
        where model_version = $model_version
    ) using (platform, post_id)
    order by created_at desc, platform, post_id
    limit $limit
)

select posts.platform, posts.post_id, posts.text, authors.bio, posts.masked_text
from unread
join posts using (platform, post_id)
left join authors using (platform, author_id)
order by unread.created_at desc, unread.platform, unread.post_id
