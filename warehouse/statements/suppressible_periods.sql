-- Grain: one row per cell of core.estimates with the months that it spans, for warehouse/timelines.py: counted within its
-- platform and role over the months that have posts. In the order in which they are kept: the year, which is what the
-- report opens with, then all, quarters and months, of many authors before few, new before old.
with cells as (
    select suppression_cells.*, spans.period_kind, spans.period, spans.until
    from suppression_cells
    join suppression_spans as spans using (part)
),

months as (
    select platform, role, period
    from cells
    where period_kind = 'month'
)

select
    cells.platform,
    cells.role,
    cells.cell,
    count(*) filter (where months.period < cells.period) as first_month,
    count(*) filter (where months.period < cells.until) as until_month,
    any_value(cells.count_authors) as count_authors,
    any_value(cells.is_withheld) as is_withheld,
    any_value(cells.is_protected) as is_protected
from cells
join months using (platform, role)
group by cells.platform, cells.role, cells.cell
order by
    cells.platform,
    cells.role,
    list_position(['year', 'all', 'quarter', 'month'], any_value(cells.period_kind)),
    count_authors desc,
    cells.cell desc
