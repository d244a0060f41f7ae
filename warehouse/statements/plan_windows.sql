-- $windows: list of (source, query, since, until); $kind: of the run that plans them, or null. Returns the windows that were new.
insert into windows
select
    asked.source,
    asked.query,
    asked.since,
    asked.until,
    'planned' as state,
    null as reason,
    null as position,
    null as reached,
    0 as attempts,
    0 as count_pages,
    null as run_id,
    now() as planned_at,
    now() as updated_at,
    $kind as planned_by
from (
    select unnest(
        $windows::struct(source varchar, query varchar, since timestamptz, until timestamptz)[],
        recursive := true
    )
) as asked
anti join windows using (source, query, since, until)
returning source
