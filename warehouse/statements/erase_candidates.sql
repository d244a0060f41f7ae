-- Pages that may hold something of what goes: by an id or a name in $pattern, or because a post came from there. `size` in bytes.
select page_id, strlen(payload) as size
from pages
where
    regexp_matches(payload, $pattern)
    or exists (
        select *
        from posts
        join going using (platform, post_id)
        where
            posts.source = pages.source
            and posts.query = pages.query
            and (posts.collected_at = pages.fetched_at or pages.format = 'feed/entries')
    )
