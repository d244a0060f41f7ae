-- What the paid reads of one source cost: in this run, this UTC day and this UTC month, in dollars.
with prices as (
    select unnest(cast($prices as struct(resource varchar, price double)[]), recursive := true)
),

paid as (
    select
        reads.fetched_at,
        pages.run_id,
        reads.amount * prices.price as dollars
    from reads
    inner join pages on reads.page_id = pages.page_id
    inner join prices on reads.resource = prices.resource
    where reads.source = $source
)

select
    coalesce(sum(dollars) filter (where run_id = $run_id), 0) as run,
    coalesce(sum(dollars) filter (where date_trunc('day', fetched_at) = date_trunc('day', now())), 0) as day,
    coalesce(sum(dollars) filter (where date_trunc('month', fetched_at) = date_trunc('month', now())), 0) as month
from paid
