-- Grain: one row per month, purposes side by side, of HR people; a month without posts or without collecting is there too.
-- An imported file has a window of one second, when it was last saved: it makes no month planned or collected.
with covered as (
    select
        month,
        sum(hours_planned) filter (where source <> 'files') as hours_planned,
        sum(hours_covered) filter (where source <> 'files')
        / nullif(sum(hours_planned) filter (where source <> 'files'), 0) as share_covered
    from mart.coverage
    group by month
),

bounds as (
    select min(month) as first_month, max(month) as last_month
    from (
        select month from covered
        union all
        select month from mart.trend
    )
),

months as (
    select unnest(generate_series(
        greatest(first_month, last_month - interval 35 month)::timestamp, last_month::timestamp, interval 1 month
    ))::date as month
    from bounds
    where first_month is not null
),

published as (
    select date_trunc('month', value::timestamptz at time zone 'Europe/Amsterdam')::date as month
    from ops.about
    where name = 'published_at'
),

-- Time without a hole that windows of a source were planned for: a backfill may lie far before the nights.
reached as (
    select
        source,
        since,
        until,
        max(until) over (
            partition by source order by since, until rows between unbounded preceding and 1 preceding
        ) as reached
    from ops.coverage
    where source <> 'files'
),

numbered as (
    select
        source,
        since,
        until,
        count(*) filter (where since > reached) over (partition by source order by since, until) as number
    from reached
),

planned as (
    select
        source,
        min(since) at time zone 'Europe/Amsterdam' as since,
        max(until) at time zone 'Europe/Amsterdam' as until
    from numbered
    group by source, number
),

-- A month is whole when each source that was planned for some of it was planned for all of it: the posts of one that begins
-- or ends halfway are a change in collecting.
whole as (
    select month, bool_and(is_whole) as is_whole
    from (
        select
            months.month,
            planned.source,
            bool_or(planned.since <= months.month and planned.until >= months.month + interval 1 month) as is_whole
        from months
        join planned on planned.since < months.month + interval 1 month and planned.until > months.month
        group by months.month, planned.source
    ) as sources
    group by month
),

hr as (
    select
        month,
        any_value(count_posts) as count_posts,
        any_value(count_authors) as count_authors,
        any_value(share) filter (where purpose = 'organisational') as share,
        any_value(share_low) filter (where purpose = 'organisational') as share_low,
        any_value(share_high) filter (where purpose = 'organisational') as share_high,
        any_value(change) filter (where purpose = 'organisational') as change,
        any_value(change_low) filter (where purpose = 'organisational') as change_low,
        any_value(change_high) filter (where purpose = 'organisational') as change_high,
        any_value(share) filter (where purpose = 'personal') as share_personal,
        any_value(share_low) filter (where purpose = 'personal') as share_personal_low,
        any_value(share_high) filter (where purpose = 'personal') as share_personal_high,
        any_value(share_corrected) filter (where purpose = 'organisational') as share_corrected,
        any_value(corrected_low) filter (where purpose = 'organisational') as corrected_low,
        any_value(corrected_high) filter (where purpose = 'organisational') as corrected_high,
        any_value(change_corrected) filter (where purpose = 'organisational') as change_corrected,
        any_value(change_corrected_low) filter (where purpose = 'organisational') as change_corrected_low,
        any_value(change_corrected_high) filter (where purpose = 'organisational') as change_corrected_high,
        any_value(share_corrected) filter (where purpose = 'personal') as share_corrected_personal,
        any_value(corrected_low) filter (where purpose = 'personal') as corrected_low_personal,
        any_value(corrected_high) filter (where purpose = 'personal') as corrected_high_personal,
        any_value(withheld) as withheld
    from mart.trend
    where role = 'hr'
    group by month
)

select
    months.month,
    months.month = published.month as is_running,
    not coalesce(whole.is_whole, false) as is_partial,
    coalesce(hr.count_posts, 0) as count_posts,
    coalesce(hr.count_authors, 0) as count_authors,
    hr.share,
    hr.share_low,
    hr.share_high,
    hr.change,
    hr.change_low,
    hr.change_high,
    hr.share_personal,
    hr.share_personal_low,
    hr.share_personal_high,
    hr.share_corrected,
    hr.corrected_low,
    hr.corrected_high,
    hr.change_corrected,
    hr.change_corrected_low,
    hr.change_corrected_high,
    hr.share_corrected_personal,
    hr.corrected_low_personal,
    hr.corrected_high_personal,
    covered.share_covered,
    case
        when covered.hours_planned is null and hr.month is null then 'not planned'
        when hr.month is null and covered.share_covered < 0.005 then 'not collected'
        when hr.month is null and covered.share_covered < 0.995 then 'partly collected'
        when hr.month is null then 'no posts'
        else hr.withheld
    end as withheld
from months
cross join published
left join whole on whole.month = months.month
left join hr on hr.month = months.month
left join covered on covered.month = months.month
order by months.month
