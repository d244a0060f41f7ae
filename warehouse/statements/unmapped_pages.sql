-- The oldest pages whose posts are not in the vault yet, in the order of `Page`'s fields.
select page_id, source, query, format, payload, fetched_at, ending, position, reached
from pages
where mapped_at is null
order by page_id
limit $limit
