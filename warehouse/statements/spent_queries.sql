-- Grain: one row per query of which nothing is left: no post, and no page that is still to be mapped.
select distinct source, query
from windows
anti join posts using (source, query)
anti join (
    select source, query
    from pages
    where mapped_at is null
) as unmapped using (source, query)
where not starts_with(query, 'erased ')
order by source, query
