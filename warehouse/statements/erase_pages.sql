-- $ids: pages to be looked into.
select page_id, source, query, format, payload, fetched_at, ending, position, reached
from pages
where page_id in (select unnest($ids::bigint[]))
order by page_id
