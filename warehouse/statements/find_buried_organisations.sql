-- Keys of the organisations that were erased, wherever the vault names them all the same.
with named as (
    select name_key from organisations
    union
    select name_key(organisation) as name_key from panel
    union
    select name_key(employer) as name_key from annotations
    union
    select name_key(unnest(organisations)) as name_key from annotations
)

select named.name_key
from named
cross join (select min(salt) as salt from salts) as salts
join tombstones
    on tombstones.kind = 'organisation' and tombstones.key = sha256(salts.salt || named.name_key)
order by named.name_key
