-- Grain: one row per thing that names a person: handles, names, and the ids of accounts and posts, of `naming` and
-- `named_posts` (statements/publish_named.sql when publishing, statements/erase_named.sql when erasing).
-- Ids and short handles are looked for as whole words; longer ones anywhere, also inside a word.
-- A name that is also the name of an organisation (in `spared`) is no person's name.
-- `key` is the run of letters and digits by which the search begins: the one that fewest needles hold.
create or replace temp table needles as
with shortened as (
    -- A name without what its owner writes behind it.
    select string_split_regex(plain(display_name), '[|,(]')[1] as needle, 1 as count_words from naming
    union
    -- What stands before these is a name only where it is several words: not of "Recruiter @ Waterbroek".
    select string_split_regex(plain(display_name), '[|,(\[/:;•·@]| [\-–—]+ ')[1] as needle, 2 as count_words from naming
),

people as (
    select 'handle' as kind, handle as needle from naming
    union
    select 'handle' as kind, ltrim(trim(handle), '@') as needle from naming
    union
    -- The shortest are first names more often than handles.
    select 'called' as kind, called(platform, handle) as needle from naming where platform in ('mastodon', 'bluesky')
    union
    select 'name' as kind, display_name as needle from naming
    union
    select 'name' as kind, trim(regexp_replace(needle, '[^\p{L}\p{M}\p{N}''’ .\-]', '', 'g')) as bare
    from shortened
    where len(string_split_regex(bare, ' +')) >= count_words
),

tidy as (
    select distinct kind, trim(regexp_replace(plain(needle), '\s+', ' ', 'g')) as needle
    from people
),

ids as (
    select 'id' as kind, lower(author_id) as needle from naming
    union all
    select 'id' as kind, lower(post_id) as needle from named_posts
    union all
    -- The last part of an address names the post as well as the whole does.
    select 'id' as kind, lower(string_split(post_id, '/')[-1]) as needle
    from named_posts
    where contains(post_id, '/') and length(string_split(post_id, '/')[-1]) >= 10
),

sensible as (
    select kind, needle
    from (
        select * from tidy
        union all
        select * from ids
    )
    where
        case kind
            when 'handle' then length(needle) >= 4
            when 'name' then length(needle) >= 5
            else length(needle) >= 6
        end
        and needle not in (select spared.needle from spared)
        -- What masking itself writes, in its brackets too: a name that comes back with every mark would never be gone.
        and not regexp_matches(needle, '^\[?(naam|link|e-mail|telefoon|account|iban|bsn)\]?$|\[naam|naam\]')
),

-- A name of several words is also written as one word, in hashtags most of all: #AnnaDeVries, #anna_de_vries.
glued as (
    select 'glued' as kind, unnest([run, replace(needle, ' ', '_')]) as needle
    from (select needle, joined(needle) as run from sensible where kind = 'name') as names
    where run <> needle and run not in (select joined(spared.needle) from spared)
),

written as (
    select * from sensible
    union
    select * from glued where length(needle) >= 6 and regexp_matches(needle, '\p{L}')
),

named as (
    select
        needle,
        bool_or(kind = 'id') as is_id,
        -- What a hashtag may be, and the words that the pipeline makes of it (statements/find_joined.sql).
        bool_or(kind in ('handle', 'called', 'glued')) as is_handle,
        bool_or(kind = 'id') or length(needle) < 6 as is_whole,
        case
            when regexp_full_match(needle, '[a-z0-9_]+') then [needle]
            else regexp_extract_all(needle, '[\p{L}\p{M}\p{N}_]+')
        end as parts
    from written
    group by needle
),

spread as (
    select needle, is_id, is_handle, is_whole, unnest(parts) as part, generate_subscripts(parts, 1) as position
    from named
    where len(parts) > 1
),

common as (
    select part, count(*) as count_needles from spread group by part
),

keys as (
    select needle, is_id, is_handle, is_whole, parts[1] as key, 'any' as side
    from named
    where len(parts) = 1
    union all
    select
        needle,
        is_id,
        is_handle,
        is_whole,
        part as key,
        -- Beside another part of its needle a key ends or begins the word that holds it.
        if(position = 1, 'end', 'start') as side
    from spread
    join common using (part)
    qualify row_number() over (partition by needle order by count_needles, length(part) desc, position) = 1
)

select
    needle,
    is_id,
    is_handle,
    is_whole,
    key,
    side,
    case side when 'end' then right(key, 6) else left(key, 6) end as anchor
from keys
