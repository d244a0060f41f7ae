-- Grain: one row per fact about the file.
select name, value from ops.about
