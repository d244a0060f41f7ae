-- Grain: one row per source and month.
create table mart.coverage as
with months as (
    select
        source,
        unnest(generate_series(
            date_trunc('month', since at time zone 'Europe/Amsterdam'),
            date_trunc('month', (until - interval 1 microsecond) at time zone 'Europe/Amsterdam'),
            interval 1 month
        ))::date as month,
        since,
        until,
        state,
        covered_since
    from ops.coverage
),

pieces as (
    select
        source,
        month,
        state,
        greatest(since, month::timestamp at time zone 'Europe/Amsterdam') as since,
        least(until, (month + interval 1 month) at time zone 'Europe/Amsterdam') as until,
        covered_since
    from months
),

windows as (
    select
        source,
        month,
        count(*) as count_windows,
        count(*) filter (where state = 'complete') as count_complete,
        count(*) filter (where state = 'capped') as count_capped,
        count(*) filter (where state not in ('complete', 'capped')) as count_open,
        sum(epoch(until - since)) / 3600 as hours_planned,
        -- greatest passes over null, so what is not covered at all is left out before it.
        coalesce(
            sum(greatest(0, epoch(until - greatest(since, covered_since)))) filter (where covered_since is not null), 0
        ) / 3600 as hours_covered
    from pieces
    group by source, month
),

posts as (
    select
        source,
        created_month as month,
        count(*) as count_posts,
        count(*) filter (where is_dutch) as count_dutch_posts
    from core.posts
    group by source, created_month
)

select
    coalesce(windows.source, posts.source) as source,
    coalesce(windows.month, posts.month) as month,
    coalesce(windows.count_windows, 0) as count_windows,
    coalesce(windows.count_complete, 0) as count_complete,
    coalesce(windows.count_capped, 0) as count_capped,
    coalesce(windows.count_open, 0) as count_open,
    coalesce(windows.hours_planned, 0) as hours_planned,
    coalesce(windows.hours_covered, 0) as hours_covered,
    coalesce(windows.hours_planned - windows.hours_covered, 0) as hours_gap,
    windows.hours_covered / nullif(windows.hours_planned, 0) as share_covered,
    coalesce(posts.count_posts, 0) as count_posts,
    coalesce(posts.count_dutch_posts, 0) as count_dutch_posts
from windows
full join posts using (source, month)
order by all;

comment on table mart.coverage is 'One row per source and month: what was to be collected, and what was.';
comment on column mart.coverage.source is 'The source.';
comment on column mart.coverage.month is 'First day of the month, Europe/Amsterdam.';
comment on column mart.coverage.count_windows is 'Windows that touch the month.';
comment on column mart.coverage.count_complete is 'Of them, complete.';
comment on column mart.coverage.count_capped is 'Of them, ended early by the platform.';
comment on column mart.coverage.count_open is 'Of them, with something left to collect.';
comment on column mart.coverage.hours_planned is 'Hours of the windows within the month; an imported file (source files) has a window of one second, when it was last saved.';
comment on column mart.coverage.hours_covered is 'Of them, collected.';
comment on column mart.coverage.hours_gap is 'Of them, missing.';
comment on column mart.coverage.share_covered is 'hours_covered of hours_planned; null when nothing was planned.';
comment on column mart.coverage.count_posts is 'Posts made in the month, any language.';
comment on column mart.coverage.count_dutch_posts is 'Of them, Dutch.';
