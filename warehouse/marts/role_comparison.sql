-- Grain: one row per period, platform, dimension and label of which HR has posts: HR against marketing.
create table mart.role_comparison as
with hr as (
    select * from shares where role = 'hr'
),

marketing as (
    select * from shares where role = 'marketing'
)

select
    hr.period_kind,
    hr.period,
    hr.platform,
    hr.dimension,
    hr.label,
    hr.count_posts as count_posts_hr,
    hr.count_authors as count_authors_hr,
    hr.share as share_hr,
    hr.share_low as share_low_hr,
    hr.share_high as share_high_hr,
    coalesce(marketing.count_posts, 0) as count_posts_marketing,
    coalesce(marketing.count_authors, 0) as count_authors_marketing,
    marketing.share as share_marketing,
    marketing.share_low as share_low_marketing,
    marketing.share_high as share_high_marketing,
    hr.share - marketing.share as difference,
    core.difference_low(hr.share, hr.share_low, marketing.share, marketing.share_high) as difference_low,
    core.difference_high(hr.share, hr.share_high, marketing.share, marketing.share_low) as difference_high,
    hr.share_corrected as share_corrected_hr,
    hr.corrected_low as corrected_low_hr,
    hr.corrected_high as corrected_high_hr,
    hr.effective_n as effective_n_hr,
    hr.count_audited as count_audited_hr,
    marketing.share_corrected as share_corrected_marketing,
    marketing.corrected_low as corrected_low_marketing,
    marketing.corrected_high as corrected_high_marketing,
    marketing.effective_n as effective_n_marketing,
    marketing.count_audited as count_audited_marketing,
    hr.share_corrected - marketing.share_corrected as difference_corrected,
    core.difference_low(
        hr.share_corrected, hr.corrected_low, marketing.share_corrected, marketing.corrected_high
    ) as difference_corrected_low,
    core.difference_high(
        hr.share_corrected, hr.corrected_high, marketing.share_corrected, marketing.corrected_low
    ) as difference_corrected_high,
    case
        when hr.corrected_withheld is not null then 'hr: ' || hr.corrected_withheld
        when marketing.period is null then 'marketing: no posts'
        when marketing.corrected_withheld is not null then 'marketing: ' || marketing.corrected_withheld
    end as corrected_withheld,
    hr.share_covered,
    case
        when hr.withheld is not null then 'hr: ' || hr.withheld
        when marketing.period is null then 'marketing: no posts'
        when marketing.withheld is not null then 'marketing: ' || marketing.withheld
    end as withheld
from hr
left join marketing using (period_kind, period, platform, dimension, label)
order by hr.period_kind, hr.period, hr.platform, hr.dimension, hr.label;

comment on table mart.role_comparison is 'One row per period, platform, dimension and label of which HR has posts: is Marketing more convinced than HR? Estimand: difference of two shares of posts.';
comment on column mart.role_comparison.period_kind is 'month, quarter, year (the twelve months up to the newest) or all.';
comment on column mart.role_comparison.period is 'First day of the period, by months of Europe/Amsterdam.';
comment on column mart.role_comparison.platform is 'A platform, or all.';
comment on column mart.role_comparison.dimension is 'purpose, goal or theme.';
comment on column mart.role_comparison.label is 'The label (core.labels).';
comment on column mart.role_comparison.count_posts_hr is 'Dutch posts by HR people, bare reposts left out.';
comment on column mart.role_comparison.count_authors_hr is 'Different known HR authors.';
comment on column mart.role_comparison.share_hr is 'Estimand: share of posts by HR people. Naive: as the model labels them, or the person who corrected one.';
comment on column mart.role_comparison.share_low_hr is 'Lower end of its 95% interval, posts clustered by author.';
comment on column mart.role_comparison.share_high_hr is 'Upper end of its 95% interval.';
comment on column mart.role_comparison.count_posts_marketing is 'Dutch posts by marketing and communication people, bare reposts left out.';
comment on column mart.role_comparison.count_authors_marketing is 'Different known marketing and communication authors.';
comment on column mart.role_comparison.share_marketing is 'Estimand: share of posts by marketing people. Naive.';
comment on column mart.role_comparison.share_low_marketing is 'Lower end of its 95% interval.';
comment on column mart.role_comparison.share_high_marketing is 'Upper end of its 95% interval.';
comment on column mart.role_comparison.difference is 'share_hr less share_marketing: negative when marketing does it more.';
comment on column mart.role_comparison.difference_low is 'Lower end of the difference''s 95% interval (Newcombe on the clustered intervals).';
comment on column mart.role_comparison.difference_high is 'Upper end of the difference''s 95% interval.';
comment on column mart.role_comparison.share_corrected_hr is 'Estimand: share of posts by HR people, corrected for the model''s errors on their own audited posts.';
comment on column mart.role_comparison.corrected_low_hr is 'Lower end of its 95% interval.';
comment on column mart.role_comparison.corrected_high_hr is 'Upper end of its 95% interval.';
comment on column mart.role_comparison.effective_n_hr is 'Number of independent posts, labelled by people, that would be as uncertain.';
comment on column mart.role_comparison.count_audited_hr is 'Audited posts by HR people in the cell.';
comment on column mart.role_comparison.share_corrected_marketing is 'Estimand: share of posts by marketing people, corrected for the model''s errors on their own audited posts.';
comment on column mart.role_comparison.corrected_low_marketing is 'Lower end of its 95% interval.';
comment on column mart.role_comparison.corrected_high_marketing is 'Upper end of its 95% interval.';
comment on column mart.role_comparison.effective_n_marketing is 'Number of independent posts, labelled by people, that would be as uncertain.';
comment on column mart.role_comparison.count_audited_marketing is 'Audited posts by marketing people in the cell.';
comment on column mart.role_comparison.difference_corrected is 'Difference of the corrected shares: each role has its own error rates.';
comment on column mart.role_comparison.difference_corrected_low is 'Lower end of its 95% interval (Newcombe on the corrected intervals; nobody has two roles).';
comment on column mart.role_comparison.difference_corrected_high is 'Upper end of its 95% interval.';
comment on column mart.role_comparison.corrected_withheld is 'Which side has no corrected share, and why, or null.';
comment on column mart.role_comparison.share_covered is 'Share of the planned collecting in these months that was done; a dip here explains a dip in posts.';
comment on column mart.role_comparison.withheld is 'Which side is withheld, and why, or null.';
