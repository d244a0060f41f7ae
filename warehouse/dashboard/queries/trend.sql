-- Grain: one row per month and purpose of a role, from its first month to its last; null where nothing is shown.
with months as (
    select unnest(generate_series(min(month)::timestamp, max(month)::timestamp, interval 1 month))::date as month
    from mart.trend
    where role = $role
),

purposes as (
    select label as purpose from core.labels where dimension = 'purpose'
)

select
    months.month,
    purposes.purpose,
    trend.share,
    trend.share_low,
    trend.share_high,
    trend.share_corrected,
    trend.corrected_low,
    trend.corrected_high
from months
cross join purposes
left join mart.trend as trend
    on trend.role = $role
    and trend.month = months.month
    and trend.purpose = purposes.purpose
order by months.month, purposes.purpose
