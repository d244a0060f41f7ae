-- Grain: one row per cell with the cells of one platform and one role that make it up within its part, for
-- warehouse/crosstabs.py. In the order in which they are kept: HR's, then the total, of many authors before few.
select
    cells.part,
    cells.cell,
    list(pieces.cell) as pieces,
    any_value(cells.count_authors) as count_authors,
    any_value(cells.is_withheld) as is_withheld,
    any_value(cells.is_protected) as is_protected
from suppression_cells as cells
join suppression_cells as pieces
    on
        cells.part = pieces.part
        and cells.platform in ('all', pieces.platform)
        and cells.role in ('all', pieces.role)
where pieces.platform <> 'all' and pieces.role <> 'all'
group by cells.part, cells.cell, cells.platform, cells.role
order by
    cells.part,
    cells.role = 'hr' desc,
    cells.platform = 'all' and cells.role = 'all' desc,
    count_authors desc,
    cells.cell desc
