-- The lines of longer periods of core.estimates with their months. Months share authors, so there the largest says how
-- many there are at least.
insert into suppression_lines
with periods as (
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
),

cells as (
    select suppression_cells.*, periods.period_kind, periods.period, periods.until
    from suppression_cells
    join periods using (part)
)

select
    'months' || chr(31) || longer.cell as line,
    part.cell,
    part.cell = longer.cell as is_total,
    false as is_last,
    true as is_shared
from cells as longer
join cells as part
    on part.platform = longer.platform
    and part.role = longer.role
    and (part.cell = longer.cell or part.period_kind = 'month')
    and part.period >= longer.period
    and part.period < longer.until
where longer.period_kind <> 'month'
