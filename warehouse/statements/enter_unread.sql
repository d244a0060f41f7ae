-- Lets the posts in `reworded` wait to be read, in their present form.
delete from unread
where (platform, post_id) in (select (platform, post_id) from reworded);

insert into unread
select
    posts.platform,
    posts.post_id,
    posts.post_key,
    sha256(posts.text || chr(31) || coalesce(authors.bio, '')) as text_hash
from posts
left join authors using (platform, author_id)
where (posts.platform, posts.post_id) in (select (platform, post_id) from reworded);
