-- Grain: one row per post whose masked text still holds a name, with the text that goes in its place (warehouse/leaks.py).
create or replace temp table masked_names (post_key varchar, text varchar)
