-- Grain: one row per purpose of a period, platform and role.
select
    shares.purpose,
    shares.count_posts,
    shares.count_authors,
    shares.share,
    shares.share_low,
    shares.share_high,
    shares.share_corrected,
    shares.corrected_low,
    shares.corrected_high,
    shares.share_covered,
    shares.withheld
from mart.purpose_share as shares
join core.labels as labels on labels.dimension = 'purpose' and labels.label = shares.purpose
where shares.period_kind = $period and shares.platform = $platform and shares.role = $role
order by labels.position
