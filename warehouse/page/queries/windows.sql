-- Grain: one row per source and state of its windows, with their first and last day in Dutch local time.
select
    source,
    state,
    count(*) as count_windows,
    (min(since) at time zone 'Europe/Amsterdam')::date as first_day,
    ((max(until) - interval 1 microsecond) at time zone 'Europe/Amsterdam')::date as last_day
from ops.coverage
group by source, state
order by source, state
