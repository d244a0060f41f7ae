-- Every share is given once.
select period_kind, period, platform, role, dimension, label
from core.estimates
group by all
having count(*) > 1
