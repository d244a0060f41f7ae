-- Grain: one row per author, with role and employer: from the panel when listed there, else from the newest annotation.
-- An organisation that was erased is nobody's employer. `person` is one for accounts of one employer that bear the same
-- name or handle, and for those that other accounts there tie together: a key of one of them; not published.
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

-- Whom a name of the panel means (see statements/known_accounts): the account that a query by that name has read.
asked as (
    select
        platform,
        lower(regexp_extract(query, '^(?:timeline|author):\s*@?(\S+)\s*$', 1)) as handle,
        arg_min(author_id, created_at) as author_id
    from vault.posts
    where platform in ('x', 'bluesky') and author_id is not null
    group by all
),

listed as (
    select panel.platform, panel.handle, panel.role, panel.organisation, asked.author_id
    from vault.panel
    join asked on asked.platform = panel.platform and asked.handle = lower(panel.handle)

    union all by name

    -- A name that no query has read is whose it is now.
    select panel.platform, panel.handle, panel.role, panel.organisation, authors.author_id
    from vault.panel
    join vault.authors on authors.platform = panel.platform and lower(authors.handle) = lower(panel.handle)
    anti join asked on asked.platform = panel.platform and asked.handle = lower(panel.handle)

    union all by name

    -- The panel may list an account by its number or DID, lists a blog by its feed's address, and an export's owner by the id
    -- that the name makes.
    select panel.platform, panel.handle, panel.role, panel.organisation, authors.author_id
    from vault.panel
    join vault.authors on authors.platform = panel.platform and lower(authors.author_id) = lower(panel.handle)
),

employed as (
    select
        authors.author_key,
        authors.platform,
        coalesce(listed.role, newest.role, 'unknown') as role,
        case when listed.role is null then newest.role_p else 1 end as role_p,
        coalesce(listed.organisation, newest.employer) as employer,
        coalesce(plain(authors.display_name), authors.author_key) as name,
        coalesce(plain(authors.handle), authors.author_key) as handle
    from vault.authors
    left join newest using (author_key)
    left join listed on listed.platform = authors.platform and listed.author_id = authors.author_id
    qualify row_number() over (
        partition by authors.author_key
        order by authors.collected_at desc, listed.handle
    ) = 1
),

named as (
    select employed.*, name_key(employer) as name_key
    from employed
),

known as (
    select
        named.* exclude (employer, name_key),
        case when erased.key is null then named.employer end as employer,
        case when erased.key is null then named.name_key end as name_key
    from named
    left join vault.tombstones as erased
        on
            erased.kind = 'organisation'
            and erased.key = sha256((select min(salt) from vault.salts) || named.name_key)
),

by_name as (
    select
        *,
        min(author_key) over (partition by name_key, name) as person
    from known
),

by_handle as (
    select * replace (min(person) over (partition by name_key, handle) as person)
    from by_name
),

-- Each pass follows a tie one account further, and people have few.
by_name_again as (
    select * replace (min(person) over (partition by name_key, name) as person)
    from by_handle
)

select * exclude (name, handle, person), min(person) over (partition by name_key, handle) as person
from by_name_again
