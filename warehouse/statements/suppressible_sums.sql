-- Grain: one row per cell of core.estimates with the months of one platform and one role that make it up, for
-- warehouse/crosstabs.py. In the order in which they are kept: HR's, then the totals; the year before all, quarters and
-- months; of many authors before few, new before old.
with pieces as (
    select cells.cell, cells.platform, cells.role, spans.period
    from suppression_cells as cells
    join suppression_spans as spans using (part)
    where spans.period_kind = 'month' and cells.platform <> 'all' and cells.role <> 'all'
)

select
    cells.cell,
    list(pieces.cell) as pieces,
    any_value(cells.count_authors) as count_authors,
    any_value(cells.is_withheld) as is_withheld,
    any_value(cells.is_protected) as is_protected
from suppression_cells as cells
join suppression_spans as spans using (part)
join pieces
    on
        pieces.period >= spans.period
        and pieces.period < spans.until
        and cells.platform in ('all', pieces.platform)
        and cells.role in ('all', pieces.role)
group by cells.cell, cells.platform, cells.role, spans.period_kind
order by
    cells.role = 'hr' desc,
    cells.platform = 'all' and cells.role = 'all' desc,
    list_position(['year', 'all', 'quarter', 'month'], spans.period_kind),
    count_authors desc,
    cells.cell desc
