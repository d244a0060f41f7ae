-- Grain: one row per author, with role and employer: from the panel when listed there, else from the newest annotation.
-- An organisation that was erased is nobody's employer. `name` and `handle` tell two accounts of one person; not published.
create or replace temp table people as
with newest as (
    select
        author_key,
        role,
        role_p,
        employer
    from annotated
    where author_key is not null
    qualify row_number() over (partition by author_key order by created_at desc, post_key) = 1
),

employed as (
    select
        authors.author_key,
        authors.platform,
        coalesce(panel.role, newest.role, 'unknown') as role,
        case when panel.role is null then newest.role_p else 1 end as role_p,
        coalesce(panel.organisation, newest.employer) as employer,
        coalesce(plain(authors.display_name), authors.author_key) as name,
        coalesce(plain(authors.handle), authors.author_key) as handle
    from vault.authors
    left join newest using (author_key)
    left join vault.panel on panel.platform = authors.platform and lower(panel.handle) = lower(authors.handle)
    qualify row_number() over (partition by authors.author_key order by authors.collected_at desc) = 1
),

named as (
    select employed.*, name_key(employer) as name_key
    from employed
)

select
    named.* exclude (employer, name_key),
    case when erased.key is null then named.employer end as employer,
    case when erased.key is null then named.name_key end as name_key
from named
left join vault.tombstones as erased
    on
        erased.kind = 'organisation'
        and erased.key = sha256((select min(salt) from vault.salts) || named.name_key)
