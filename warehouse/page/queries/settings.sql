-- Grain: one row per threshold.
select name, value from ops.settings
