-- Tombstones that are not there yet. $stones: list of (kind, key, reason, erased_at).
insert into tombstones by name
select given.kind, given.key, given.reason, given.erased_at
from (
    select unnest(
        $stones::struct(kind varchar, key varchar, reason varchar, erased_at timestamptz)[],
        recursive := true
    )
) as given
anti join tombstones using (kind, key)
