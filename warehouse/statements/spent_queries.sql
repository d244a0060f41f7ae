-- Grain: one row per query of which no post is left. Pages that wait are loaded before anybody asks.
select distinct source, query
from windows
anti join posts using (source, query)
where not starts_with(query, 'erased ')
order by source, query
