-- Secondary suppression: one more cell to withhold in every line that gives something away; returns one row for each.
with lines as (
    select
        lines.line,
        bool_or(lines.is_total and cells.is_withheld) as is_total_withheld,
        bool_or(lines.is_total and cells.is_protected) as is_total_protected,
        count(*) filter (not lines.is_total and cells.is_withheld) as count_withheld,
        count(*) filter (not lines.is_total and not cells.is_withheld) as count_shown,
        bool_or(not lines.is_total and cells.is_protected) as is_any_protected,
        sum(cells.count_authors) filter (not lines.is_total and cells.is_withheld) as count_authors
    from suppression_lines as lines
    join suppression_cells as cells using (cell)
    group by lines.line
    having bool_or(lines.is_total)
),

unsafe as (
    select line
    from lines
    where
        (
            not is_total_withheld
            and is_any_protected
            and count_shown > 0
            and (count_withheld = 1 or count_authors < core.setting('minimum_authors'))
        )
        -- All parts are shown: added up they are the total.
        or (is_total_protected and count_withheld = 0)
),

candidates as (
    select
        lines.line,
        cells.cell
    from suppression_lines as lines
    join unsafe using (line)
    join suppression_cells as cells using (cell)
    where not cells.is_withheld
    qualify row_number() over (
        partition by lines.line order by lines.is_last, lines.is_total, cells.count_authors, cells.cell
    ) = 1
)

update suppression_cells
set is_withheld = true, is_protected = true, is_secondary = true
where cell in (select cell from candidates)
returning cell
