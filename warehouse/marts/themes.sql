-- Grain: one row per period, platform, role and theme.
create table mart.themes as
select
    shares.period_kind,
    shares.period,
    shares.platform,
    shares.role,
    shares.label as theme,
    shares.count_posts,
    shares.count_labelled,
    shares.count_authors,
    shares.share,
    shares.share_low,
    shares.share_high,
    shares.effective_posts,
    shares.author_share,
    shares.author_share_low,
    shares.author_share_high,
    shares.share_corrected,
    shares.corrected_low,
    shares.corrected_high,
    shares.effective_n,
    shares.count_audited,
    shares.corrected_withheld,
    shares.share_covered,
    shares.withheld
from shares
join core.labels as labels using (dimension, label)
where shares.dimension = 'theme'
order by shares.period_kind, shares.period, shares.platform, shares.role, labels.position;

comment on table mart.themes is 'One row per period, platform, role and theme: the reasons for cold feet, and advocacy. A post may hold several. Estimands: share of posts, and mean share per author.';
comment on column mart.themes.period_kind is 'month, quarter, year (the twelve months up to the newest) or all.';
comment on column mart.themes.period is 'First day of the period, by months of Europe/Amsterdam.';
comment on column mart.themes.platform is 'A platform, or all.';
comment on column mart.themes.role is 'The authors'' role, or all.';
comment on column mart.themes.theme is 'The theme: a reason for cold feet, or advocacy.';
comment on column mart.themes.count_posts is 'Dutch posts in the cell, bare reposts left out.';
comment on column mart.themes.count_labelled is 'Of them, with this label.';
comment on column mart.themes.count_authors is 'Different known authors in the cell.';
comment on column mart.themes.share is 'Estimand: share of posts. Naive: as the model labels them, or the person who corrected one; not corrected for its other errors.';
comment on column mart.themes.share_low is 'Lower end of the 95% interval of share, posts clustered by author.';
comment on column mart.themes.share_high is 'Upper end of that interval.';
comment on column mart.themes.effective_posts is 'Number of independent posts that would be as uncertain.';
comment on column mart.themes.author_share is 'Estimand: mean over known authors of their own share. Naive.';
comment on column mart.themes.author_share_low is 'Lower end of its 95% interval.';
comment on column mart.themes.author_share_high is 'Upper end of its 95% interval.';
comment on column mart.themes.share_corrected is 'Estimand: share of posts. Corrected for the model''s errors by the audit sample (docs/decisions/0010-corrected-shares.md); null with the reason when it cannot be.';
comment on column mart.themes.corrected_low is 'Lower end of the 95% interval of share_corrected, clustered by author, the audit''s own uncertainty included.';
comment on column mart.themes.corrected_high is 'Upper end of that interval.';
comment on column mart.themes.effective_n is 'Number of independent posts, labelled by people, that would be as uncertain as share_corrected.';
comment on column mart.themes.count_audited is 'Audited posts in the cell.';
comment on column mart.themes.corrected_withheld is 'Why there is no corrected share (no audit sample, too few audited posts or authors), or null.';
comment on column mart.themes.share_covered is 'Share of the planned collecting in these months that was done; a dip here explains a dip in posts.';
comment on column mart.themes.withheld is 'Why the figures are withheld, or null: too few posts or authors (ops.settings), or a smaller cell would follow from them by subtraction (protects a smaller cell).';
