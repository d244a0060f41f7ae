-- Posts that wait to be read, newest first.
with chosen as (
    select posts.platform, posts.post_id, posts.created_at
    from posts
    semi join unread using (platform, post_id)
    order by posts.created_at desc, posts.platform, posts.post_id
    limit $limit
)

select posts.platform, posts.post_id, posts.text, authors.bio, posts.masked_text
from posts
join chosen using (platform, post_id)
left join authors using (platform, author_id)
order by chosen.created_at desc, chosen.platform, chosen.post_id
