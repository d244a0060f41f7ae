-- Which kind of run planned a window: only a night's windows say where the next night goes on. One run works at a time,
-- so a window of before was planned by the run that began last before it.

alter table windows add column planned_by varchar;

update windows
set planned_by = coalesce(planners.kind, 'nightly')
from (
    select windows.source, windows.query, windows.since, windows.until, runs.kind
    from windows
    asof left join runs on windows.planned_at >= runs.started_at
) as planners
where
    windows.source = planners.source
    and windows.query = planners.query
    and windows.since = planners.since
    and windows.until = planners.until;
