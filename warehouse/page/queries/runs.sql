-- Grain: one row per run, the seven newest that are no hourly sweeps.
-- What a clock ahead has dated comes last: it would hide the others until that date.
select
    kind,
    strftime(started_at at time zone 'Europe/Amsterdam', '%Y-%m-%d %H:%M') as started_at,
    outcome,
    message
from ops.runs
where kind <> 'sweep'
order by ops.runs.started_at > now(), ops.runs.started_at desc
limit 7
