-- Grain: one row per period, platform, role and label, as core.estimates: the share corrected for the model's errors.
create table core.corrected as
select
    estimates.period_kind,
    estimates.period,
    estimates.platform,
    estimates.role,
    estimates.dimension,
    estimates.label,
    figures.share_corrected,
    figures.corrected_low,
    figures.corrected_high,
    figures.effective_n,
    case when estimates.withheld is null then coalesce(figures.count_audited, 0) end as count_audited,
    case
        when estimates.withheld is not null then estimates.withheld
        when figures.share_corrected is not null then null
        when not exists (select * from audited) then 'no audit sample'
        when coalesce(figures.count_audited, 0) < core.setting('minimum_audited') then 'too few audited posts'
        else 'too few authors of audited posts'
    end as corrected_withheld
from core.estimates as estimates
left join corrected_figures as figures using (period_kind, period, platform, role, dimension, label)
order by all;

comment on table core.corrected is 'One row per period, platform, role and label, as in core.estimates: the share of Dutch posts (bare reposts left out) corrected for the model''s errors by the audit sample (prediction-powered inference, docs/decisions/0010-corrected-shares.md). Language and role are taken as the pipeline reads them.';
comment on column core.corrected.period_kind is 'month, quarter, year (the twelve months up to the newest) or all.';
comment on column core.corrected.period is 'First day of the period, by months of Europe/Amsterdam.';
comment on column core.corrected.platform is 'A platform, or all.';
comment on column core.corrected.role is 'The authors'' role, or all; each role is corrected by its own errors.';
comment on column core.corrected.dimension is 'purpose, goal or theme.';
comment on column core.corrected.label is 'The label (core.labels).';
comment on column core.corrected.share_corrected is 'Estimand: share of posts that a careful annotator would give the label. Null with the reason when it cannot be told.';
comment on column core.corrected.corrected_low is 'Lower end of its 95% interval: clustered by author, errors of the audit sample included.';
comment on column core.corrected.corrected_high is 'Upper end of its 95% interval.';
comment on column core.corrected.effective_n is 'Number of independent posts, labelled by people, that would be as uncertain.';
comment on column core.corrected.count_audited is 'Audited posts in the cell (themes: whose themes were judged).';
comment on column core.corrected.corrected_withheld is 'Why there is no corrected share, or null.';
