-- The cells of a table with the lines that they stand in, for warehouse/suppression.py, from the temp view `suppressible`.
-- Roles and platforms make up their totals with authors of their own; `part` is what a line stays within.
create or replace temp table suppression_cells as
select
    row_number() over (order by part, platform, role) as cell,
    part,
    platform,
    role,
    any_value(count_authors) as count_authors,
    any_value(withheld) is not null as is_withheld,
    coalesce(any_value(withheld) = 'too few authors', false) as is_protected,
    false as is_secondary
from suppressible
group by part, platform, role;

create or replace temp table suppression_lines as
select 'roles' || chr(31) || part || chr(31) || platform as line, cell, role = 'all' as is_total, role = 'hr' as is_last
from suppression_cells
union all
select 'platforms' || chr(31) || part || chr(31) || role as line, cell, platform = 'all' as is_total, false as is_last
from suppression_cells
