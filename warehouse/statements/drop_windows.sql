-- $windows: list of (source, query, since, until) that nobody asks for any more. An import that was broken off stays as
-- it is: it goes on when its file is given again.
update windows
set state = 'dropped', updated_at = now()
from (
    select unnest(
        $windows::struct(source varchar, query varchar, since timestamptz, until timestamptz)[],
        recursive := true
    )
) as unasked
where
    windows.source = unasked.source
    and windows.query = unasked.query
    and windows.since = unasked.since
    and windows.until = unasked.until
    and windows.source <> 'files'
    and windows.state <> 'dropped'
returning windows.source
