-- Grain: one row per period, platform, role and label: the share of posts that carry the label, with its uncertainty.
-- Posts of one author resemble each other, so the interval follows the spread between authors (linearised ratio),
-- expressed as an effective number of posts in Wilson's interval. Where every post agrees, the spread says nothing
-- and the effective number is that of posts fully alike within an author (Kish).
create table core.estimates as
with counted as (
    select
        posts.post_key,
        posts.platform,
        posts.role,
        posts.author_key,
        coalesce(posts.author_key, posts.post_key) as cluster_key,
        posts.created_month
    from core.posts as posts
    where posts.is_dutch
),

newest as (
    select max(created_month) as created_month from counted
),

periods as (
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
            (select min(created_month) from counted)
        ]) as period
    from (select distinct created_month from counted) as months
    cross join newest
),

labelled as (
    select post_key, 'purpose' as dimension, purpose as label from core.annotations
    union all
    select post_key, 'goal' as dimension, goal as label from core.annotations
    union all
    select post_key, 'theme' as dimension, theme as label from core.post_themes
),

cluster_sizes as (
    select
        periods.period_kind,
        periods.period,
        counted.platform,
        counted.role,
        counted.cluster_key,
        count(counted.author_key) > 0 as is_known,
        count(*)::double as posts
    from counted
    join periods using (created_month)
    where periods.period is not null
    group by all
),

cluster_labels as (
    select
        periods.period_kind,
        periods.period,
        counted.platform,
        counted.role,
        counted.cluster_key,
        labelled.dimension,
        labelled.label,
        count(*)::double as labelled_posts
    from counted
    join labelled using (post_key)
    join periods using (created_month)
    where periods.period is not null
    group by all
),

cells as (
    select
        period_kind,
        period,
        coalesce(platform, 'all') as platform,
        coalesce(role, 'all') as role,
        sum(posts) as n,
        sum(posts ^ 2) as sum_nn,
        count(*) as clusters,
        count(*) filter (where is_known) as count_authors
    from cluster_sizes
    group by grouping sets (
        (period_kind, period, platform, role),
        (period_kind, period, platform),
        (period_kind, period, role),
        (period_kind, period)
    )
),

sums as (
    select
        labels.period_kind,
        labels.period,
        coalesce(labels.platform, 'all') as platform,
        coalesce(labels.role, 'all') as role,
        labels.dimension,
        labels.label,
        sum(labels.labelled_posts) as y,
        sum(labels.labelled_posts ^ 2) as sum_yy,
        sum(labels.labelled_posts * sizes.posts) as sum_yn,
        sum(labels.labelled_posts / sizes.posts) as sum_own,
        sum((labels.labelled_posts / sizes.posts) ^ 2) as sum_own_squared
    from cluster_labels as labels
    join cluster_sizes as sizes using (period_kind, period, platform, role, cluster_key)
    group by grouping sets (
        (labels.period_kind, labels.period, labels.platform, labels.role, labels.dimension, labels.label),
        (labels.period_kind, labels.period, labels.platform, labels.dimension, labels.label),
        (labels.period_kind, labels.period, labels.role, labels.dimension, labels.label),
        (labels.period_kind, labels.period, labels.dimension, labels.label)
    )
),

shares as (
    select
        cells.*,
        codebook.dimension,
        codebook.label,
        coalesce(sums.y, 0) as y,
        coalesce(sums.y, 0) / cells.n as share,
        coalesce(sums.sum_yy, 0) as sum_yy,
        coalesce(sums.sum_yn, 0) as sum_yn,
        coalesce(sums.sum_own, 0) / cells.clusters as mean_own,
        coalesce(sums.sum_own_squared, 0) as sum_own_squared
    from cells
    join core.labels as codebook on codebook.dimension in ('purpose', 'goal', 'theme')
    left join sums
        on sums.period_kind = cells.period_kind
        and sums.period = cells.period
        and sums.platform = cells.platform
        and sums.role = cells.role
        and sums.dimension = codebook.dimension
        and sums.label = codebook.label
),

variances as (
    select
        shares.*,
        clusters / greatest(clusters - 1, 1)
        * greatest(sum_yy - 2 * share * sum_yn + share ^ 2 * sum_nn, 0) / n ^ 2 as variance,
        greatest(sum_own_squared - clusters * mean_own ^ 2, 0)
        / (greatest(clusters - 1, 1) * clusters) as variance_own,
        core.t_quantile(core.setting('confidence_z'), clusters) as t
    from shares
),

sized as (
    select
        variances.*,
        greatest(1, least(
            n,
            case
                when variance > 0 and share > 0 and share < 1 then share * (1 - share) / variance
                else n ^ 2 / sum_nn
            end
        )) as effective,
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
    case when withheld is null then greatest(0, mean_own - t * sqrt(variance_own)) end as author_share_low,
    case when withheld is null then least(1, mean_own + t * sqrt(variance_own)) end as author_share_high,
    withheld
from sized
order by all;

comment on table core.estimates is 'One row per period, platform, role and label. Estimands: share = share of Dutch posts; author_share = mean over authors of their own share. Naive: as the model labels them, not corrected for its errors.';
comment on column core.estimates.period_kind is 'month, quarter, year (the twelve months up to the newest) or all.';
comment on column core.estimates.period is 'First day of the period, by months of Europe/Amsterdam.';
comment on column core.estimates.platform is 'A platform, or all.';
comment on column core.estimates.role is 'The authors'' role, or all.';
comment on column core.estimates.dimension is 'purpose, goal or theme.';
comment on column core.estimates.label is 'The label (core.labels).';
comment on column core.estimates.count_posts is 'Dutch, annotated posts in the cell.';
comment on column core.estimates.count_labelled is 'Of them, with the label.';
comment on column core.estimates.count_authors is 'Different known authors in the cell.';
comment on column core.estimates.share is 'Estimand: share of posts with the label. Naive.';
comment on column core.estimates.share_low is 'Lower end of its 95% interval, posts clustered by author.';
comment on column core.estimates.share_high is 'Upper end of its 95% interval.';
comment on column core.estimates.effective_posts is 'Number of independent posts that would be as uncertain.';
comment on column core.estimates.author_share is 'Estimand: mean over authors of the share of their posts with the label. Naive.';
comment on column core.estimates.author_share_low is 'Lower end of its 95% interval.';
comment on column core.estimates.author_share_high is 'Upper end of its 95% interval.';
comment on column core.estimates.withheld is 'Why the figures are withheld, or null.';
