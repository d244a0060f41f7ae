-- The authors in `seen` that are new or known by something else.
merge into authors
using seen
    on authors.platform = seen.platform and authors.author_id = seen.author_id
when matched and seen.change = 'update'
    then update set
        handle = seen.handle,
        display_name = seen.display_name,
        bio = seen.bio,
        collected_at = seen.collected_at
when not matched
    then insert (platform, author_id, author_key, handle, display_name, bio, first_seen_at, collected_at)
    values (
        seen.platform, seen.author_id, seen.author_key, seen.handle, seen.display_name, seen.bio,
        seen.collected_at, seen.collected_at
    )
