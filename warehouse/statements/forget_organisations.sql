-- The incoming annotations without the organisations that were erased.
create or replace temp view unnamed_annotations as
with erased as (
    select
        coalesce(list(key), []) as keys,
        (select min(salt) from salts) as salt
    from tombstones
    where kind = 'organisation'
)

select
    incoming.* replace (
        case
            when len(erased.keys) = 0 then incoming.employer
            when not list_contains(erased.keys, sha256(erased.salt || name_key(incoming.employer)))
                then incoming.employer
        end as employer,
        case
            when len(erased.keys) = 0 then incoming.role_evidence
            when incoming.employer is null
                or not list_contains(erased.keys, sha256(erased.salt || name_key(incoming.employer)))
                then incoming.role_evidence
        end as role_evidence,
        case
            when len(erased.keys) = 0 then incoming.organisations
            else list_filter(
                incoming.organisations,
                lambda name: not list_contains(erased.keys, sha256(erased.salt || coalesce(name_key(name), '')))
            )
        end as organisations
    )
from incoming_annotations as incoming
cross join erased
