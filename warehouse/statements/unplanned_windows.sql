-- $windows: list of (source, query, since, until). Returns those that the ledger does not hold yet.
select
    asked.source,
    asked.query,
    asked.since,
    asked.until
from (
    select unnest(
        $windows::struct(source varchar, query varchar, since timestamptz, until timestamptz)[],
        recursive := true
    )
) as asked
anti join windows using (source, query, since, until)
order by asked.since, asked.source, asked.query, asked.until
