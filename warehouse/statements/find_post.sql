-- A post by its address or by one of the ids that the address holds. Returns (platform, post_id).
-- A Bluesky address may name the account by its handle: then the account's id is looked up.
with plain as (
    select
        posts.platform,
        posts.post_id,
        lower(rtrim(regexp_replace(regexp_replace(posts.url, '[?#].*$', ''), '^https?://(www\.)?', ''), '/')) as url,
        authors.handle,
        posts.author_id
    from posts
    left join authors using (platform, author_id)
)

select platform, post_id
from plain
where
    url = $url
    or list_contains($ids, post_id)
    or (platform = 'bluesky' and replace(url, lower(author_id), lower(handle)) = $url)
