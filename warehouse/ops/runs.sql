-- Grain: one row per run.
create table ops.runs as
select
    runs.run_id,
    runs.kind,
    runs.started_at,
    runs.ended_at,
    runs.outcome,
    runs.counts::varchar as counts,
    messages.message
from vault.runs
left join messages using (run_id)
order by runs.started_at;

comment on table ops.runs is 'One row per run; the run that published this file may still be marked running.';
comment on column ops.runs.run_id is 'The run.';
comment on column ops.runs.kind is 'nightly, backfill or another.';
comment on column ops.runs.started_at is 'When it began, UTC.';
comment on column ops.runs.ended_at is 'When it ended, UTC.';
comment on column ops.runs.outcome is 'How it ended.';
comment on column ops.runs.counts is 'What it did, as JSON.';
comment on column ops.runs.message is 'What a person should know, names masked.';
