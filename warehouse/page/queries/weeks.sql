-- Grain: one row per week: the seven whole days before the file was made, and the seven before those.
-- Intervals as in core.estimates: posts clustered by author, an effective number of posts in Wilson's interval.
-- A week is withheld too when it would give away few people by subtraction: where all that it holds is in one month or
-- two, their figures less the week's are those of what is left, and the other way round.
with published as (
    select date_trunc('day', value::timestamptz at time zone 'Europe/Amsterdam') as today
    from ops.about
    where name = 'published_at'
),

weeks as (
    select
        weeks.week,
        (published.today - to_days(7 * weeks.week + 7)) at time zone 'Europe/Amsterdam' as since,
        (published.today - to_days(7 * weeks.week)) at time zone 'Europe/Amsterdam' as until,
        (published.today - to_days(7 * weeks.week + 7))::date as first_day,
        (published.today - to_days(7 * weeks.week + 1))::date as last_day
    from published
    cross join (values (0), (1)) as weeks (week)
),

posted as (
    select
        weeks.week,
        posts.is_counted and posts.role = 'hr' as counts,
        posts.author_key,
        coalesce(posts.author_key, posts.post_key) as cluster_key,
        posts.created_month,
        posts.purpose
    from core.posts as posts
    join weeks on posts.created_at >= weeks.since and posts.created_at < weeks.until
),

totals as (
    select
        week,
        count(*) as count_all_posts
    from posted
    group by week
),

authors as (
    select
        posted.week,
        labels.label,
        posted.cluster_key,
        count(posted.author_key) > 0 as is_known,
        count(*)::double as n,
        count(*) filter (where posted.purpose = labels.label)::double as y
    from posted
    cross join (values ('personal'), ('organisational')) as labels (label)
    where posted.counts
    group by all
),

sums as (
    select
        week,
        label,
        count(*) as clusters,
        count(*) filter (where is_known) as count_authors,
        sum(n) as n,
        sum(n ^ 2) as sum_nn,
        sum(y) / sum(n) as share,
        sum(y ^ 2) as sum_yy,
        sum(y * n) as sum_yn
    from authors
    group by week, label
),

large as (
    select
        week,
        case
            when count_authors < core.setting('minimum_authors') then 'too few authors'
            when n < core.setting('minimum_posts') then 'too few posts'
        end as withheld
    from sums
    where label = 'organisational'
),

months as (
    select
        posts.created_month,
        weeks.week,
        posts.author_key
    from core.posts as posts
    left join weeks on posts.created_at >= weeks.since and posts.created_at < weeks.until
    where
        posts.is_counted
        and posts.role = 'hr'
        and posts.created_month in (select posted.created_month from posted where posted.counts)
),

month_sets as (
    select [created_month] as month_set from months
    union
    select list(distinct created_month order by created_month) as month_set from months
),

-- What is left of months without weeks, and of weeks without months: 0 posts, or enough people.
left_over as (
    select
        week_sets.week_set,
        month_sets.month_set,
        count(*) filter (is_month and not is_week) as month_posts,
        count(distinct author_key) filter (is_month and not is_week) as month_authors,
        count(*) filter (is_week and not is_month) as week_posts,
        count(distinct author_key) filter (is_week and not is_month) as week_authors
    from (values ([0]), ([1]), ([0, 1])) as week_sets (week_set)
    cross join month_sets
    cross join lateral (
        select
            months.author_key,
            list_contains(month_sets.month_set, months.created_month) as is_month,
            coalesce(list_contains(week_sets.week_set, months.week), false) as is_week
        from months
    )
    group by week_sets.week_set, month_sets.month_set
),

hidden_months as (
    select period as created_month
    from core.estimates
    where
        period_kind = 'month'
        and platform = 'all'
        and role = 'hr'
        and withheld = 'protects a smaller cell'
),

unsafe as (
    select distinct week_set
    from left_over
    where
        (week_posts = 0 and month_posts > 0 and month_authors < core.setting('minimum_authors'))
        or (month_posts = 0 and week_posts > 0 and week_authors < core.setting('minimum_authors'))
    union
    select distinct [months.week] as week_set
    from months
    semi join hidden_months using (created_month)
    where months.week is not null
),

-- Where both weeks together are unsafe, the newest is shown.
judged as (
    select
        week,
        case
            when withheld is not null then withheld
            when [week] in (select week_set from unsafe) then 'protects a smaller cell'
            when
                week = 1
                and [0, 1] in (select week_set from unsafe)
                and [0] not in (select week_set from unsafe)
                and (select withheld is null from large where week = 0)
                then 'protects a smaller cell'
        end as withheld
    from large
),

sized as (
    select
        sums.*,
        core.share_variance(share, n, clusters, sum_yy, sum_yn, sum_nn) as variance,
        core.t_quantile(core.setting('confidence_z'), n ^ 2 / sum_nn) as t,
        judged.withheld
    from sums
    join judged using (week)
),

intervals as (
    select
        week,
        label,
        n,
        count_authors,
        withheld,
        case when withheld is null then share end as share,
        case
            when withheld is null
                then core.wilson_low(share, core.effective_posts(share, n, variance, sum_nn), t)
        end as share_low,
        case
            when withheld is null
                then core.wilson_high(share, core.effective_posts(share, n, variance, sum_nn), t)
        end as share_high
    from sized
),

side_by_side as (
    select
        week,
        any_value(n)::bigint as count_posts,
        any_value(count_authors) as count_authors,
        any_value(withheld) as withheld,
        any_value(share) filter (where label = 'organisational') as share,
        any_value(share_low) filter (where label = 'organisational') as share_low,
        any_value(share_high) filter (where label = 'organisational') as share_high,
        any_value(share) filter (where label = 'personal') as share_personal,
        any_value(share_low) filter (where label = 'personal') as share_personal_low,
        any_value(share_high) filter (where label = 'personal') as share_personal_high
    from intervals
    group by week
),

covered as (
    select
        weeks.week,
        sum(epoch(least(windows.until, weeks.until) - greatest(windows.since, weeks.since))) as planned,
        sum(case
            when windows.covered_since is null then 0
            else greatest(0, epoch(
                least(windows.until, weeks.until) - greatest(windows.covered_since, weeks.since)
            ))
        end) as done
    from weeks
    join ops.coverage as windows on windows.since < weeks.until and windows.until > weeks.since
    where windows.source <> 'files'  -- imported, not planned: one second, when the file was last saved
    group by weeks.week
),

compared as (
    select
        side_by_side.*,
        side_by_side.share - before.share as change,
        core.difference_low(
            side_by_side.share, side_by_side.share_low, before.share, before.share_high
        ) as change_low,
        core.difference_high(
            side_by_side.share, side_by_side.share_high, before.share, before.share_low
        ) as change_high
    from side_by_side
    left join side_by_side as before on before.week = side_by_side.week + 1
)

select
    weeks.week,
    weeks.first_day,
    weeks.last_day,
    coalesce(totals.count_all_posts, 0) as count_all_posts,
    coalesce(compared.count_posts, 0) as count_posts,
    coalesce(compared.count_authors, 0) as count_authors,
    compared.share,
    compared.share_low,
    compared.share_high,
    compared.change,
    compared.change_low,
    compared.change_high,
    compared.share_personal,
    compared.share_personal_low,
    compared.share_personal_high,
    covered.done / covered.planned as share_covered,
    case when compared.week is null then 'no posts' else compared.withheld end as withheld
from weeks
left join totals using (week)
left join compared using (week)
left join covered using (week)
order by weeks.week
