-- Grain: one row per period, platform, role and label: the share of posts that carry the label, with its uncertainty.
-- Bare reposts are left out: their words are somebody else's, and forty of one vacancy would be forty times that vacancy.
-- Posts of one author resemble each other, so the interval follows the spread between authors (linearised ratio),
-- expressed as an effective number of posts in Wilson's interval. Where every post agrees, the spread says nothing
-- and the effective number is that of posts fully alike within an author (Kish); where few differ, it leans on that. Student's quantile goes by the number of
-- equally busy authors (Kish too, as for corrected shares): five, of whom one writes most, tell hardly more than one does.
-- Sums are made per author and month once, on numbers instead of words, then added up: per period, and only then over
-- platforms and roles, which is exact because an author has one platform and one role.
create table core.estimates as
with posted as materialized (
    select
        posts.post_key,
        hash(coalesce(posts.author_key, posts.post_key)) as cluster,
        posts.author_key is not null as is_known,
        posts.platform,
        posts.role,
        posts.created_month,
        posts.purpose,
        posts.goal
    from core.posts as posts
    where posts.is_counted
),

newest as (
    select max(created_month) as created_month from posted
),

period_months as (
    select
        months.created_month,
        unnest(['month', 'quarter', 'year', 'all']) as period_kind,
        unnest([
            months.created_month,
            date_trunc('quarter', months.created_month)::date,
            case
                when months.created_month > newest.created_month - interval 12 month
                    then (newest.created_month - interval 11 month)::date
            end,
            (select min(created_month) from posted)
        ]) as period
    from (select distinct created_month from posted) as months
    cross join newest
),

periods as materialized (
    select
        created_month,
        period_kind,
        period,
        dense_rank() over (order by period_kind, period)::integer as period_number
    from period_months
    where period is not null
),

codes as materialized (
    select
        dimension,
        label,
        position,
        row_number() over (order by dimension, position)::integer as code
    from core.labels
    where dimension in ('purpose', 'goal', 'theme')
),

monthly_labels as (
    select
        posted.cluster,
        posted.created_month,
        codes.code,
        count(*) as y
    from posted
    join codes on codes.dimension = 'goal' and codes.label = posted.goal
    group by all
    union all
    select
        posted.cluster,
        posted.created_month,
        codes.code,
        count(*) as y
    from posted
    join codes on codes.dimension = 'purpose' and codes.label = posted.purpose
    group by all
    union all
    select
        posted.cluster,
        posted.created_month,
        codes.code,
        count(*) as y
    from core.post_themes as themes
    join posted using (post_key)
    join codes on codes.dimension = 'theme' and codes.label = themes.theme
    group by all
),

monthly_sizes as (
    select
        cluster,
        created_month,
        any_value(platform) as platform,
        any_value(role) as role,
        bool_or(is_known) as is_known,
        count(*) as n
    from posted
    group by cluster, created_month
),

cluster_sizes as materialized (
    select
        sizes.cluster,
        periods.period_number,
        any_value(sizes.platform) as platform,
        any_value(sizes.role) as role,
        bool_or(sizes.is_known) as is_known,
        sum(sizes.n)::double as posts
    from monthly_sizes as sizes
    join periods using (created_month)
    group by sizes.cluster, periods.period_number
),

cluster_labels as (
    select
        labels.cluster,
        periods.period_number,
        labels.code,
        sum(labels.y)::double as labelled_posts
    from monthly_labels as labels
    join periods using (created_month)
    group by labels.cluster, periods.period_number, labels.code
),

fine_cells as (
    select
        period_number,
        platform,
        role,
        sum(posts) as n,
        sum(posts ^ 2) as sum_nn,
        count(*) as clusters,
        count(*) filter (where is_known) as count_authors,
        coalesce(sum(posts) filter (where is_known), 0) as authors_posts
    from cluster_sizes
    group by period_number, platform, role
),

cells as (
    select
        period_number,
        coalesce(platform, 'all') as platform,
        coalesce(role, 'all') as role,
        sum(n) as n,
        sum(sum_nn) as sum_nn,
        sum(clusters)::bigint as clusters,
        sum(count_authors)::bigint as count_authors,
        sum(authors_posts) as authors_posts
    from fine_cells
    group by grouping sets (
        (period_number, platform, role),
        (period_number, platform),
        (period_number, role),
        (period_number)
    )
),

fine_sums as (
    select
        labels.period_number,
        sizes.platform,
        sizes.role,
        labels.code,
        sum(labels.labelled_posts) as y,
        sum(labels.labelled_posts ^ 2) as sum_yy,
        sum(labels.labelled_posts * sizes.posts) as sum_yn,
        -- Posts without a known author are in no author's share.
        sum(labels.labelled_posts / sizes.posts) filter (where sizes.is_known) as sum_own,
        sum((labels.labelled_posts / sizes.posts) ^ 2) filter (where sizes.is_known) as sum_own_squared
    from cluster_labels as labels
    join cluster_sizes as sizes using (cluster, period_number)
    group by labels.period_number, sizes.platform, sizes.role, labels.code
),

sums as (
    select
        period_number,
        coalesce(platform, 'all') as platform,
        coalesce(role, 'all') as role,
        code,
        sum(y) as y,
        sum(sum_yy) as sum_yy,
        sum(sum_yn) as sum_yn,
        sum(sum_own) as sum_own,
        sum(sum_own_squared) as sum_own_squared
    from fine_sums
    group by grouping sets (
        (period_number, platform, role, code),
        (period_number, platform, code),
        (period_number, role, code),
        (period_number, code)
    )
),

shares as (
    select
        named.period_kind,
        named.period,
        cells.* exclude (period_number),
        codes.dimension,
        codes.label,
        coalesce(sums.y, 0) as y,
        coalesce(sums.y, 0) / cells.n as share,
        coalesce(sums.sum_yy, 0) as sum_yy,
        coalesce(sums.sum_yn, 0) as sum_yn,
        coalesce(sums.sum_own, 0) / nullif(cells.count_authors, 0) as mean_own,
        coalesce(sums.sum_own_squared, 0) as sum_own_squared
    from cells
    join (select distinct period_number, period_kind, period from periods) as named using (period_number)
    cross join codes
    left join sums
        on sums.period_number = cells.period_number
        and sums.platform = cells.platform
        and sums.role = cells.role
        and sums.code = codes.code
),

variances as (
    select
        shares.*,
        core.share_variance(share, n, clusters, sum_yy, sum_yn, sum_nn) as variance,
        greatest(sum_own_squared - count_authors * mean_own ^ 2, 0)
        / (greatest(count_authors - 1, 1) * nullif(count_authors, 0)) as variance_own,
        core.t_quantile(core.setting('confidence_z'), n ^ 2 / sum_nn) as t,
        core.t_quantile(core.setting('confidence_z'), count_authors) as t_own
    from shares
),

sized as (
    select
        variances.*,
        core.effective_posts(share, n, variance, sum_nn) as effective,
        -- Authors weigh alike: where all agree, they are worth as many posts as they are people.
        core.effective_posts(
            mean_own, authors_posts, variance_own, authors_posts ^ 2 / nullif(count_authors, 0)
        ) as effective_own,
        case
            when count_authors < core.setting('minimum_authors') then 'too few authors'
            when n < core.setting('minimum_posts') then 'too few posts'
        end as withheld
    from variances
)

select
    period_kind,
    period,
    platform,
    role,
    dimension,
    label,
    n::bigint as count_posts,
    case when withheld is null then y::bigint end as count_labelled,
    count_authors,
    case when withheld is null then share end as share,
    case when withheld is null then core.wilson_low(share, effective, t) end as share_low,
    case when withheld is null then core.wilson_high(share, effective, t) end as share_high,
    case when withheld is null then effective end as effective_posts,
    case when withheld is null then mean_own end as author_share,
    case when withheld is null then core.wilson_low(mean_own, effective_own, t_own) end as author_share_low,
    case when withheld is null then core.wilson_high(mean_own, effective_own, t_own) end as author_share_high,
    withheld
from sized
order by all;

comment on table core.estimates is 'One row per period, platform, role and label. Estimands: share = share of Dutch posts, bare reposts left out; author_share = mean over known authors of their own share. Naive: as the model labels them, or the person who corrected one; not corrected for its other errors.';
comment on column core.estimates.period_kind is 'month, quarter, year (the twelve months up to the newest) or all.';
comment on column core.estimates.period is 'First day of the period, by months of Europe/Amsterdam.';
comment on column core.estimates.platform is 'A platform, or all.';
comment on column core.estimates.role is 'The authors'' role, or all.';
comment on column core.estimates.dimension is 'purpose, goal or theme.';
comment on column core.estimates.label is 'The label (core.labels).';
comment on column core.estimates.count_posts is 'Dutch posts in the cell, bare reposts left out.';
comment on column core.estimates.count_labelled is 'Of them, with the label.';
comment on column core.estimates.count_authors is 'Different known authors in the cell.';
comment on column core.estimates.share is 'Estimand: share of posts with the label. Naive.';
comment on column core.estimates.share_low is 'Lower end of its 95% interval, posts clustered by author.';
comment on column core.estimates.share_high is 'Upper end of its 95% interval.';
comment on column core.estimates.effective_posts is 'Number of independent posts that would be as uncertain.';
comment on column core.estimates.author_share is 'Estimand: mean over known authors of the share of their posts with the label. Naive.';
comment on column core.estimates.author_share_low is 'Lower end of its 95% interval.';
comment on column core.estimates.author_share_high is 'Upper end of its 95% interval.';
comment on column core.estimates.withheld is 'Why the figures are withheld, or null.';
