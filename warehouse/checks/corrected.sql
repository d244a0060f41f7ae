-- A corrected share lies within its interval, rests on enough audited posts, and is never shown without its naive one.
select label from core.corrected
where
    share_corrected is not null
    and (
        not (corrected_low between 0 and share_corrected + 1e-9)
        or not (corrected_high between share_corrected - 1e-9 and 1)
        or count_audited < (select value from ops.settings where name = 'minimum_audited')
        or corrected_withheld is not null
    )
union all
select label from core.corrected where share_corrected is null and corrected_withheld is null
union all
select corrected.label
from core.corrected as corrected
join core.estimates as estimates using (period_kind, period, platform, role, dimension, label)
where corrected.share_corrected is not null and estimates.withheld is not null
