-- Every corrected share is given once, beside its naive one.
select label
from core.estimates as estimates
left join core.corrected as corrected using (period_kind, period, platform, role, dimension, label)
group by estimates.period_kind, estimates.period, estimates.platform, estimates.role, estimates.dimension, label
having count(corrected.label) <> 1
