-- The batch's authors, each once, with the newest that is known of them and what will happen to it, and what it was called.
-- What is left out this time stays known; a bio that is said to be empty ('') was taken away, and goes.
create or replace temp table seen as
with newest as (
    select platform, author_id, author_key, handle, display_name, bio, collected_at
    from batch
    where author_id is not null and change in ('insert', 'update', 'unchanged')
    qualify row_number() over (partition by platform, author_id order by collected_at desc, created_at desc) = 1
),

known as (
    select
        newest.platform,
        newest.author_id,
        newest.author_key,
        coalesce(newest.handle, held.handle) as handle,
        coalesce(newest.display_name, held.display_name) as display_name,
        nullif(coalesce(newest.bio, held.bio), '') as bio,
        newest.collected_at,
        held.author_id is not null as is_held,
        newest.collected_at >= held.collected_at or held.collected_at > now() + interval 1 day as is_newer,
        held.handle as held_handle,
        held.display_name as held_name,
        held.bio as held_bio
    from newest
    left join authors as held using (platform, author_id)
)

select
    known.* exclude (is_held, is_newer, held_bio),
    case
        when not is_held then 'insert'
        when is_newer and row(handle, display_name, bio) is distinct from row(held_handle, held_name, held_bio)
            then 'update'
        else 'unchanged'
    end as change,
    bio is distinct from held_bio as is_other_bio
from known
