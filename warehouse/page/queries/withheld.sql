-- Grain: one row per reason: groups (period, platform and role) whose figures are withheld; null: shown.
with groups as (
    select distinct period_kind, period, platform, role, withheld
    from core.estimates
    where dimension = 'purpose'
)

select withheld, count(*) as count_groups
from groups
group by withheld
order by withheld
