-- Grain: one row per role and purpose, over the newest twelve months and all platforms.
select
    shares.role,
    shares.purpose,
    labels.dutch,
    shares.count_posts,
    shares.count_authors,
    shares.share,
    shares.share_low,
    shares.share_high,
    shares.share_corrected,
    shares.corrected_low,
    shares.corrected_high,
    shares.count_audited,
    shares.withheld
from mart.purpose_share as shares
join core.labels as labels on labels.dimension = 'purpose' and labels.label = shares.purpose
where shares.period_kind = 'year' and shares.platform = 'all'
order by shares.role = 'all' desc, shares.role, labels.position
