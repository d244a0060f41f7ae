-- Grain: one row per period of core.estimates: from its first day up to `until`.
create or replace temp view suppression_spans as
select distinct
    period_kind || ' ' || period as part,
    period_kind,
    period,
    case period_kind
        when 'month' then period + interval 1 month
        when 'quarter' then period + interval 3 month
        when 'year' then period + interval 12 month
        else date '9999-12-31'
    end as until
from core.estimates
