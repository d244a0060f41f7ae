-- $closed: states with nothing left to do.
select source, query, since, until, position, state
from windows
where not list_contains($closed::varchar[], state)
order by since, source, query, until
