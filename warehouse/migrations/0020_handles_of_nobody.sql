-- Bluesky writes handle.invalid for every handle that does not lead back to its account, and that was taken for a name: half
-- of it was masked inside others' words, and no erasure by the name of before found the account. That name comes back.

update authors
set handle = (
    select arg_max(former_names.handle, former_names.rowid)
    from former_names
    where
        former_names.platform = 'bluesky'
        and former_names.author_id = authors.author_id
        and former_names.handle <> 'handle.invalid'
)
where platform = 'bluesky' and handle = 'handle.invalid';

update former_names
set handle = null
where platform = 'bluesky' and handle = 'handle.invalid';
