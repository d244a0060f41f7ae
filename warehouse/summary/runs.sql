-- Grain: one row per run, the ten newest.
select run_id, kind, started_at, ended_at, outcome, counts, message
from ops.runs
order by started_at desc
limit 10
