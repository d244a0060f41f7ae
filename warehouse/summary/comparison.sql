-- Grain: one row: organisational posts of HR against marketing over the newest twelve months.
select
    share_hr,
    share_marketing,
    difference,
    difference_low,
    difference_high,
    withheld
from mart.role_comparison
where period_kind = 'year' and platform = 'all' and dimension = 'purpose' and label = 'organisational'
