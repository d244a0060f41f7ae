-- Pages that may hold something of what goes: by an id or a name in $pattern, or because a post came from there. `size` in bytes.
-- Rows of tables and exports that have no id get one made of their words (connectors/files), which stands on no page, and the
-- same row may have come with several files: when such a post goes, every page of that kind is looked into.
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
    or (
        pages.format in ('table/rows', 'linkedin/shares', 'linkedin/comments')
        and exists (
            select *
            from going
            where starts_with(going.post_id, 'row:') or starts_with(going.post_id, 'export:')
        )
    )
