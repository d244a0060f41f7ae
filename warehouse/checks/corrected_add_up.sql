-- Corrected goals add up to their purpose, and corrected purposes to one.
with goals as (
    select
        corrected.period_kind,
        corrected.period,
        corrected.platform,
        corrected.role,
        labels.purpose as label,
        sum(corrected.share_corrected) as total
    from core.corrected as corrected
    join core.labels as labels using (dimension, label)
    where corrected.dimension = 'goal' and corrected.share_corrected is not null
    group by all
)

select label
from goals
join core.corrected as purposes using (period_kind, period, platform, role, label)
where purposes.dimension = 'purpose' and abs(goals.total - purposes.share_corrected) > 1e-6
union all
select any_value(label) as label
from core.corrected
where dimension = 'purpose' and share_corrected is not null
group by period_kind, period, platform, role
having abs(sum(share_corrected) - 1) > 1e-6
