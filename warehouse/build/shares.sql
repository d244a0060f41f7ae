-- Grain: one row per period, platform, role and label: the naive share, the corrected one, and how much was collected.
-- Not published: the marts of shares are made of it.
create or replace temp view shares as
select
    estimates.*,
    corrected.* exclude (period_kind, period, platform, role, dimension, label),
    covered.share_covered
from core.estimates as estimates
join core.corrected as corrected using (period_kind, period, platform, role, dimension, label)
left join core.covered as covered using (period_kind, period, platform)
