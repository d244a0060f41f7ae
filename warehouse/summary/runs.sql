-- Grain: one row per run: the ten newest, and the newest sweep, of which there is one an hour.
-- What a clock ahead has dated comes last: it would hide the others until that date.
select run_id, kind, started_at, ended_at, outcome, counts, message
from ops.runs
qualify row_number() over (partition by kind = 'sweep' order by started_at > now(), started_at desc)
    <= if(kind = 'sweep', 1, 10)
order by started_at > now(), started_at desc
