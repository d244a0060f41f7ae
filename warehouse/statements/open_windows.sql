-- $source: one source, or null for all; $closed: states with nothing left to do.
select source, query, since, until, position, state, attempts
from windows
where
    not list_contains($closed::varchar[], state)
    and ($source::varchar is null or source = $source)
order by since, source, query, until
