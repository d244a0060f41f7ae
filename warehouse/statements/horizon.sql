-- $source, $query, $now. Until when a query has been planned without a hole: the end of its newest night, or of what
-- backfills have planned from there on. A backfill elsewhere says nothing about the days before it.
with spans as (
    select
        since,
        until,
        planned_by,
        max(until) over (order by since, until rows between unbounded preceding and 1 preceding) as reached
    from windows
    where
        source = $source
        and query = $query
        and until <= $now
),

pieces as (
    select
        until,
        planned_by,
        count(*) filter (where reached < since) over (order by since, until rows unbounded preceding) as piece
    from spans
)

select max(until)
from pieces
where piece = (select arg_max(piece, until) from pieces where planned_by = 'nightly')
