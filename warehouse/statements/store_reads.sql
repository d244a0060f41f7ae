-- What the platform bills for a page. $reads: list of (resource, amount).
insert into reads
select $page_id, $source, billed.resource, billed.amount, $fetched_at
from (
    select unnest($reads::struct(resource varchar, amount bigint)[], recursive := true)
) as billed
