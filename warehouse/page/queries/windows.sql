-- Grain: one row per source and state of its windows.
select
    source,
    state,
    count(*) as count_windows,
    min(since)::date as since,
    max(until)::date as until
from ops.coverage
group by source, state
order by source, state
