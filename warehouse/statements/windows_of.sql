-- Every window that a query was ever given, with how it stands, the oldest first.
select source, query, since, until, state
from windows
where source = $source and query = $query
order by since
