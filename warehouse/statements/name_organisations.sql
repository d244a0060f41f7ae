-- Gives every employer that has none yet a random key, which it keeps.
insert into organisations
select
    name_key,
    replace(uuid()::varchar, '-', '')[1 : 16] as organisation_key,
    now() as first_seen_at
from (select distinct name_key from people where name_key is not null) as named
anti join organisations using (name_key)
