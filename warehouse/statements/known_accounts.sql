-- Which account a name means: the one that a query by that name has read, else the one that went by it last.
with asked as (
    select
        lower(regexp_extract(query, '^(?:timeline|author):\s*@?(\S+)\s*$', 1)) as handle,
        arg_min(author_id, created_at) as author_id
    from posts
    where platform = $platform and author_id is not null
    group by all
),

seen as (
    select lower(handle) as handle, arg_max(author_id, collected_at) as author_id
    from authors
    where platform = $platform and handle is not null
    group by all
)

select seen.handle, seen.author_id
from seen
anti join asked on seen.handle = asked.handle

union all by name

select asked.handle, asked.author_id
from asked
where asked.handle <> ''
