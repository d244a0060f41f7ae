-- The names of the batch's authors that are not theirs now, each once. A look that is older than the one held (an archive
-- that is imported later) has a former name as well.
insert into former_names
with present as (
    select
        platform,
        author_id,
        if(change = 'unchanged', held_handle, handle) as handle,
        if(change = 'unchanged', held_name, display_name) as display_name
    from seen
),

called as (
    select platform, author_id, author_key, held_handle as handle, held_name as display_name
    from seen
    union
    select platform, author_id, author_key, handle, display_name
    from batch
    where author_id is not null and change in ('insert', 'update', 'unchanged')
)

select called.platform, called.author_id, called.author_key, called.handle, called.display_name
from called
join present using (platform, author_id)
where
    -- What is left out says nothing else.
    coalesce(called.handle, present.handle) is distinct from present.handle
    or coalesce(called.display_name, present.display_name) is distinct from present.display_name
except
select platform, author_id, author_key, handle, display_name
from former_names
