-- Grain: one row per purpose, of HR people over the newest twelve months and all platforms.
select
    shares.purpose,
    shares.period as since,
    (shares.period + interval 11 month)::date as last_month,
    shares.count_posts,
    shares.count_authors,
    shares.share,
    shares.share_low,
    shares.share_high,
    shares.share_corrected,
    shares.corrected_low,
    shares.corrected_high,
    shares.count_audited,
    shares.corrected_withheld,
    shares.effective_posts,
    shares.effective_n,
    shares.author_share,
    shares.author_share_low,
    shares.author_share_high,
    shares.share_covered,
    shares.withheld
from mart.purpose_share as shares
join core.labels as labels on labels.dimension = 'purpose' and labels.label = shares.purpose
where shares.period_kind = 'year' and shares.platform = 'all' and shares.role = 'hr'
order by labels.position
