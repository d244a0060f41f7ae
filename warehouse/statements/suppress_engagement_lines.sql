-- The cells of mart.engagement with the lines that they stand in, for warehouse/suppression.py.
create or replace temp table suppression_cells as
select
    row_number() over (order by platform, role, goal) as cell,
    platform,
    role,
    goal,
    count_authors,
    withheld is not null as is_withheld,
    coalesce(withheld = 'too few authors', false) as is_protected,
    false as is_chosen
from mart.engagement;

create or replace temp table suppression_lines as
select 'roles' || chr(31) || platform || chr(31) || goal as line, cell, role = 'all' as is_total,
    role = 'hr' as is_last, false as is_shared
from suppression_cells
union all
select 'platforms' || chr(31) || role || chr(31) || goal as line, cell, platform = 'all' as is_total,
    false as is_last, false as is_shared
from suppression_cells
