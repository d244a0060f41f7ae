-- What the paid reads of one source cost: in this run, this UTC day and this UTC month, in dollars.
-- With a $kind, by runs of that kind alone.
-- A read costs what it cost then; $prices are for those that were entered without a price.
with prices as (
    select unnest(cast($prices as struct(resource varchar, price double)[]), recursive := true)
),

paid as (
    select
        reads.fetched_at at time zone 'UTC' as read_at,
        reads.run_id,
        reads.amount * coalesce(reads.price, prices.price, 0) as dollars
    from reads
    left join prices on reads.resource = prices.resource
    left join runs on reads.run_id = runs.run_id
    where
        reads.source = $source
        and runs.kind is not distinct from coalesce($kind, runs.kind)
),

today as (
    select now() at time zone 'UTC' as moment
)

select
    coalesce(sum(dollars) filter (where run_id = $run_id), 0) as run,
    coalesce(sum(dollars) filter (where date_trunc('day', read_at) = date_trunc('day', moment)), 0) as day,
    coalesce(sum(dollars) filter (where date_trunc('month', read_at) = date_trunc('month', moment)), 0) as month
from paid
cross join today
