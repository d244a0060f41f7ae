-- The newest that is known of every author in the batch; what is left out this time stays known.
merge into authors
using (
    select platform, author_id, author_key, handle, display_name, bio, created_at, collected_at
    from batch
    where author_id is not null and change in ('insert', 'update', 'unchanged')
    qualify row_number() over (partition by platform, author_id order by collected_at desc, created_at desc) = 1
) as seen
    on authors.platform = seen.platform and authors.author_id = seen.author_id
when matched
    and (seen.collected_at >= authors.collected_at or authors.collected_at > now() + interval 1 day)
    and row(authors.handle, authors.display_name, authors.bio) is distinct from row(
        coalesce(seen.handle, authors.handle),
        coalesce(seen.display_name, authors.display_name),
        coalesce(seen.bio, authors.bio)
    )
    then update set
        handle = coalesce(seen.handle, authors.handle),
        display_name = coalesce(seen.display_name, authors.display_name),
        bio = coalesce(seen.bio, authors.bio),
        collected_at = seen.collected_at
when not matched
    then insert (platform, author_id, author_key, handle, display_name, bio, first_seen_at, collected_at)
    values (
        seen.platform, seen.author_id, seen.author_key, seen.handle, seen.display_name, seen.bio,
        seen.collected_at, seen.collected_at
    )
