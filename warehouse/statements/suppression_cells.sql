-- The cells of a table, for warehouse/suppression.py, from the temp view `suppressible`. Roles and platforms make up their
-- totals with authors of their own, within a `part`.
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
group by part, platform, role
