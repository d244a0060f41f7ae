-- Grain: one row per purpose, goal and theme: HR against marketing over the newest twelve months.
select
    compared.dimension,
    compared.label,
    labels.dutch,
    compared.count_posts_hr,
    compared.count_authors_hr,
    compared.share_hr,
    compared.share_low_hr,
    compared.share_high_hr,
    compared.count_posts_marketing,
    compared.count_authors_marketing,
    compared.share_marketing,
    compared.share_low_marketing,
    compared.share_high_marketing,
    compared.difference,
    compared.difference_low,
    compared.difference_high,
    compared.share_corrected_hr,
    compared.corrected_low_hr,
    compared.corrected_high_hr,
    compared.share_corrected_marketing,
    compared.corrected_low_marketing,
    compared.corrected_high_marketing,
    compared.difference_corrected,
    compared.difference_corrected_low,
    compared.difference_corrected_high,
    compared.withheld
from mart.role_comparison as compared
join core.labels as labels using (dimension, label)
where compared.period_kind = 'year' and compared.platform = 'all'
order by labels.dimension = 'purpose' desc, labels.dimension, labels.position
