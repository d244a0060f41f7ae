-- What the platform bills. $reads: list of (resource, amount, price); $page_id: 0 when it came with no page.
insert into reads (page_id, source, resource, amount, fetched_at, run_id, price)
select $page_id, $source, billed.resource, billed.amount, $fetched_at, $run_id, billed.price
from (
    select unnest($reads::struct(resource varchar, amount bigint, price double)[], recursive := true)
) as billed
