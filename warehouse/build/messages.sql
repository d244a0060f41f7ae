-- Grain: one row per run with a message, which names will be masked in.
create or replace temp table messages as
select run_id, message
from vault.runs
