-- Grain: one row per month, role and purpose, all platforms together.
create table mart.trend as
with monthly as (
    select
        shares.*,
        lag(period) over previous = period - interval 1 month as is_next,
        lag(share) over previous as share_before,
        lag(share_low) over previous as share_low_before,
        lag(share_high) over previous as share_high_before,
        lag(share_corrected) over previous as corrected_before,
        lag(corrected_low) over previous as corrected_low_before,
        lag(corrected_high) over previous as corrected_high_before
    from shares
    where
        period_kind = 'month'
        and platform = 'all'
        and dimension = 'purpose'
    window previous as (partition by role, label order by period)
)

select
    monthly.period as month,
    monthly.role,
    monthly.label as purpose,
    monthly.count_posts,
    monthly.count_authors,
    monthly.share,
    monthly.share_low,
    monthly.share_high,
    case when monthly.is_next then monthly.share - monthly.share_before end as change,
    case
        when monthly.is_next
            then core.difference_low(monthly.share, monthly.share_low, monthly.share_before, monthly.share_high_before)
    end as change_low,
    case
        when monthly.is_next
            then core.difference_high(monthly.share, monthly.share_high, monthly.share_before, monthly.share_low_before)
    end as change_high,
    monthly.share_corrected,
    monthly.corrected_low,
    monthly.corrected_high,
    monthly.effective_n,
    monthly.count_audited,
    monthly.corrected_withheld,
    case when monthly.is_next then monthly.share_corrected - monthly.corrected_before end as change_corrected,
    case
        when monthly.is_next
            then core.difference_low(
                monthly.share_corrected, monthly.corrected_low, monthly.corrected_before, monthly.corrected_high_before
            )
    end as change_corrected_low,
    case
        when monthly.is_next
            then core.difference_high(
                monthly.share_corrected, monthly.corrected_high, monthly.corrected_before, monthly.corrected_low_before
            )
    end as change_corrected_high,
    monthly.share_covered,
    monthly.withheld
from monthly
order by monthly.role, monthly.label, monthly.period;

comment on table mart.trend is 'One row per month, role and purpose: did it change? Estimand: share of posts.';
comment on column mart.trend.month is 'First day of the month, Europe/Amsterdam.';
comment on column mart.trend.role is 'The authors'' role, or all.';
comment on column mart.trend.purpose is 'personal, organisational or other.';
comment on column mart.trend.count_posts is 'Dutch posts in the month, bare reposts left out.';
comment on column mart.trend.count_authors is 'Different known authors in the month.';
comment on column mart.trend.share is 'Estimand: share of posts. Naive: as the model labels them, or the person who corrected one.';
comment on column mart.trend.share_low is 'Lower end of its 95% interval, posts clustered by author.';
comment on column mart.trend.share_high is 'Upper end of its 95% interval.';
comment on column mart.trend.change is 'Share less that of the month before; null when either is withheld or missing.';
comment on column mart.trend.change_low is 'Lower end of the change''s 95% interval (Newcombe; cautious, as the same authors post in both months).';
comment on column mart.trend.change_high is 'Upper end of the change''s 95% interval.';
comment on column mart.trend.share_corrected is 'Estimand: share of posts. Corrected for the model''s errors by the month''s audited posts; null with the reason when it cannot be.';
comment on column mart.trend.corrected_low is 'Lower end of the 95% interval of share_corrected.';
comment on column mart.trend.corrected_high is 'Upper end of that interval.';
comment on column mart.trend.effective_n is 'Number of independent posts, labelled by people, that would be as uncertain as share_corrected.';
comment on column mart.trend.count_audited is 'Audited posts of the month.';
comment on column mart.trend.corrected_withheld is 'Why there is no corrected share, or null.';
comment on column mart.trend.change_corrected is 'Corrected share less that of the month before; null when either is missing.';
comment on column mart.trend.change_corrected_low is 'Lower end of its 95% interval (Newcombe; cautious).';
comment on column mart.trend.change_corrected_high is 'Upper end of its 95% interval.';
comment on column mart.trend.share_covered is 'Share of the month''s planned collecting that was done.';
comment on column mart.trend.withheld is 'Why the figures are withheld, or null.';
