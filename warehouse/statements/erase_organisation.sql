-- An organisation by its key, wherever the pipeline or the panel named it, and a tombstone for its name.
with salted as (
    select 'organisation' as kind, sha256(min(salt) || $name_key) as key from salts
)

insert into tombstones
select kind, key, $reason as reason, now() as erased_at
from salted
where key not in (select tombstones.key from tombstones)
