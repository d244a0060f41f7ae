-- Grain: one row per period, platform, role and purpose.
create table mart.purpose_share as
select
    estimates.period_kind,
    estimates.period,
    estimates.platform,
    estimates.role,
    estimates.label as purpose,
    estimates.count_posts,
    estimates.count_labelled,
    estimates.count_authors,
    estimates.share,
    estimates.share_low,
    estimates.share_high,
    estimates.effective_posts,
    estimates.author_share,
    estimates.author_share_low,
    estimates.author_share_high,
    corrected.share_corrected,
    corrected.corrected_low,
    corrected.corrected_high,
    corrected.effective_n,
    corrected.count_audited,
    corrected.corrected_withheld,
    covered.share_covered,
    estimates.withheld
from core.estimates as estimates
join core.labels as labels using (dimension, label)
join core.corrected as corrected using (period_kind, period, platform, role, dimension, label)
left join core.covered as covered
    on covered.period_kind = estimates.period_kind
    and covered.period = estimates.period
    and covered.platform = estimates.platform
where estimates.dimension = 'purpose'
order by estimates.period_kind, estimates.period, estimates.platform, estimates.role, labels.position;

comment on table mart.purpose_share is 'One row per period, platform, role and purpose: for themselves, or for the organisation? Estimands: share of posts, and mean share per author.';
comment on column mart.purpose_share.period_kind is 'month, quarter, year (the twelve months up to the newest) or all.';
comment on column mart.purpose_share.period is 'First day of the period, by months of Europe/Amsterdam.';
comment on column mart.purpose_share.platform is 'A platform, or all.';
comment on column mart.purpose_share.role is 'The authors'' role, or all.';
comment on column mart.purpose_share.purpose is 'personal, organisational or other.';
comment on column mart.purpose_share.count_posts is 'Dutch posts in the cell, bare reposts left out.';
comment on column mart.purpose_share.count_labelled is 'Of them, with this label.';
comment on column mart.purpose_share.count_authors is 'Different known authors in the cell.';
comment on column mart.purpose_share.share is 'Estimand: share of posts. Naive: as the model labels them, not corrected for its errors.';
comment on column mart.purpose_share.share_low is 'Lower end of the 95% interval of share, posts clustered by author.';
comment on column mart.purpose_share.share_high is 'Upper end of that interval.';
comment on column mart.purpose_share.effective_posts is 'Number of independent posts that would be as uncertain.';
comment on column mart.purpose_share.author_share is 'Estimand: mean over known authors of their own share. Naive.';
comment on column mart.purpose_share.author_share_low is 'Lower end of its 95% interval.';
comment on column mart.purpose_share.author_share_high is 'Upper end of its 95% interval.';
comment on column mart.purpose_share.share_corrected is 'Estimand: share of posts. Corrected for the model''s errors by the audit sample (docs/decisions/0010-corrected-shares.md); null with the reason when it cannot be.';
comment on column mart.purpose_share.corrected_low is 'Lower end of the 95% interval of share_corrected, clustered by author, the audit''s own uncertainty included.';
comment on column mart.purpose_share.corrected_high is 'Upper end of that interval.';
comment on column mart.purpose_share.effective_n is 'Number of independent posts, labelled by people, that would be as uncertain as share_corrected.';
comment on column mart.purpose_share.count_audited is 'Audited posts in the cell.';
comment on column mart.purpose_share.corrected_withheld is 'Why there is no corrected share (no audit sample, too few audited posts or authors), or null.';
comment on column mart.purpose_share.share_covered is 'Share of the planned collecting in these months that was done; a dip here explains a dip in posts.';
comment on column mart.purpose_share.withheld is 'Why the figures are withheld, or null: too few posts or authors (ops.settings), or a smaller cell would follow from them by subtraction (protects a smaller cell).';
