-- Secondary suppression of the cells given.
update suppression_cells
set is_withheld = true, is_protected = true, is_secondary = true
where cell in (select unnest($cells))
returning cell
