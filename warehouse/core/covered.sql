-- Grain: one row per period and platform: which share of the planned collecting was done.
-- Imported files are left out: nobody planned them, and their window is one second, when the file was last saved.
-- Windows overlap backwards by a lag, so planned and covered time are both counted with that overlap.
create table core.covered as
with sources as (
    select distinct source, platform from core.posts
    union
    select distinct source, 'all' as platform from ops.coverage
),

named as (
    select distinct period_kind, period from core.estimates
    union
    -- A quarter of which nothing was collected has no posts, so no estimates; a year of organisations rests on it too.
    select
        'quarter' as period_kind,
        unnest(generate_series(
            date_trunc('quarter', min(since) at time zone 'Europe/Amsterdam'),
            max(until) at time zone 'Europe/Amsterdam',
            interval 3 month
        ))::date as period
    from ops.coverage
    where source <> 'files'
),

periods as (
    select
        period_kind,
        period,
        (period::timestamp at time zone 'Europe/Amsterdam') as period_start,
        (case period_kind
            when 'month' then period + interval 1 month
            when 'quarter' then period + interval 3 month
            when 'year' then period + interval 12 month
            else timestamp '2999-01-01 00:00:00'
        end) at time zone 'Europe/Amsterdam' as period_end
    from named
),

pieces as (
    select
        periods.period_kind,
        periods.period,
        sources.platform,
        epoch(least(windows.until, periods.period_end) - greatest(windows.since, periods.period_start)) as planned,
        -- greatest passes over null, so what is not covered at all is set apart.
        case
            when windows.covered_since is null then 0
            else greatest(0, epoch(
                least(windows.until, periods.period_end) - greatest(windows.covered_since, periods.period_start)
            ))
        end as done
    from ops.coverage as windows
    join sources using (source)
    join periods on windows.since < periods.period_end and windows.until > periods.period_start
    where windows.source <> 'files'
)

select
    period_kind,
    period,
    platform,
    sum(planned) / 3600 as hours_planned,
    sum(done) / 3600 as hours_covered,
    sum(done) / sum(planned) as share_covered
from pieces
group by period_kind, period, platform
having sum(planned) > 0
order by all;

comment on table core.covered is 'One row per period and platform: how much of the planned collecting was done. Imported files are not counted in.';
comment on column core.covered.period_kind is 'month, quarter, year or all.';
comment on column core.covered.period is 'First day of the period.';
comment on column core.covered.platform is 'A platform, or all.';
comment on column core.covered.hours_planned is 'Hours of all windows together.';
comment on column core.covered.hours_covered is 'Of them, collected.';
comment on column core.covered.share_covered is 'hours_covered of hours_planned.';
