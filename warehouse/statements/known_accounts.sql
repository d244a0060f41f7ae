-- Which account a name means: the one that a query by that name has read, or found to write nothing (its place says so), else
-- the one that went by it last.
-- Grain: one row per name; `holder_id` is whoever went by it last, null when nobody did.
with asked as (
    select
        lower(regexp_extract(query, '^(?:timeline|author):\s*@?(\S+)\s*$', 1)) as handle,
        arg_min(author_id, created_at) as author_id
    from posts
    where platform = $platform and author_id is not null
    group by all
),

places as (
    select
        lower(regexp_extract(query, '^timeline:\s*@?(\S+)\s*$', 1)) as handle,
        page_id,
        try(json_extract_string(position, '$.user')) as author_id
    from pages
    where source = $platform and position is not null
),

told as (
    select handle, arg_min(author_id, page_id) as author_id
    from places
    where author_id is not null
    group by all
),

seen as (
    select ltrim(lower(handle), '@') as handle, arg_max(author_id, collected_at) as author_id
    from authors
    where platform = $platform and handle is not null
    group by all
)

select
    handle,
    coalesce(asked.author_id, told.author_id, seen.author_id) as author_id,
    seen.author_id as holder_id
from asked
full join told using (handle)
full join seen using (handle)
where handle <> ''
