-- Lets the posts in `reworded` wait to be read, in their present form.
delete from unread
using reworded
where
    reworded.platform = unread.platform
    and reworded.post_id = unread.post_id;

insert into unread
select
    posts.platform,
    posts.post_id,
    posts.post_key,
    sha256(posts.text || chr(31) || coalesce(authors.bio, '')) as text_hash
from posts
semi join reworded using (platform, post_id)
left join authors using (platform, author_id);
