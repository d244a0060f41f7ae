-- Grain: one row per month and purpose of a role.
select
    month,
    purpose,
    share,
    share_low,
    share_high,
    share_corrected,
    corrected_low,
    corrected_high
from mart.trend
where role = $role and share is not null
order by month, purpose
