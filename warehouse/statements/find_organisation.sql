-- What tells of the organisation whose key is $name_key: posts that name it ('post'), accounts of its own ('author').
select 'post' as kind, posts.platform, posts.post_id as id
from posts
join annotations using (platform, post_id)
where list_contains(list_transform(annotations.organisations, lambda name: name_key(name)), $name_key)
union
select 'author' as kind, platform, author_id as id
from authors
where name_key(display_name) = $name_key
