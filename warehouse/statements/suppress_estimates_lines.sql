-- The cells of core.estimates with the lines that they stand in, for warehouse/suppression.py. Roles and platforms make up
-- their totals with authors of their own; months share authors, so there the largest says how many there are at least.
create or replace temp table suppression_cells as
select
    row_number() over (order by period_kind, period, platform, role) as cell,
    period_kind,
    period,
    platform,
    role,
    any_value(count_authors) as count_authors,
    any_value(withheld) is not null as is_withheld,
    coalesce(any_value(withheld) = 'too few authors', false) as is_protected,
    false as is_chosen
from core.estimates
group by period_kind, period, platform, role;

create or replace temp table suppression_lines as
select 'roles' || chr(31) || period_kind || chr(31) || period || chr(31) || platform as line, cell, role = 'all' as is_total,
    role = 'hr' as is_last, false as is_shared
from suppression_cells
union all
select 'platforms' || chr(31) || period_kind || chr(31) || period || chr(31) || role as line, cell, platform = 'all' as is_total,
    false as is_last, false as is_shared
from suppression_cells
union all
select 'months' || chr(31) || longer.cell as line, part.cell, part.cell = longer.cell as is_total,
    false as is_last, true as is_shared
from suppression_cells as longer
join suppression_cells as part
    on part.platform = longer.platform
    and part.role = longer.role
    and (part.cell = longer.cell or part.period_kind = 'month')
    and part.period >= longer.period
    and part.period < case longer.period_kind
        when 'quarter' then longer.period + interval 3 month
        when 'year' then longer.period + interval 12 month
        else date '9999-12-31'
    end
where longer.period_kind <> 'month'
