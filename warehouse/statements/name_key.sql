-- The key of an organisation: its name without case, accents, legal form and punctuation.
create or replace temp macro name_key(name) as nullif(trim(regexp_replace(regexp_replace(
    strip_accents(lower(name)),
    '\b(b\.?v\.?|n\.?v\.?|v\.?z\.?w\.?|c\.?v\.?|v\.?o\.?f\.?|de|het)(\s|$)', ' ', 'g'
), '[^a-z0-9]+', ' ', 'g')), '')
