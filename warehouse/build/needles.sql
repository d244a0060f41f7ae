-- Grain: one row per thing that names a person: handles, names, and the ids of accounts and posts.
-- Ids and short handles are looked for as whole words; longer ones anywhere, also inside a word.
-- A name that is also the name of an organisation is no person's name.
create or replace temp table needles as
with raw as (
    select 'handle' as kind, lower(trim(handle)) as needle from vault.authors
    union
    select 'handle' as kind, lower(ltrim(trim(handle), '@')) as needle from vault.authors
    union
    select 'name' as kind, lower(trim(display_name)) as needle from vault.authors
    union
    select
        'name' as kind,
        lower(trim(regexp_replace(split_part(split_part(split_part(
            display_name, '|', 1), ',', 1), '(', 1), '[^\p{L}\p{M}\p{N}''’ .\-]', '', 'g'))) as needle
    from vault.authors
    union
    select 'id' as kind, lower(author_id) as needle from vault.authors
    union
    select 'id' as kind, lower(post_id) as needle from vault.posts
),

tidy as (
    select distinct kind, trim(regexp_replace(needle, '\s+', ' ', 'g')) as needle
    from raw
),

sensible as (
    select kind, needle
    from tidy
    where
        case kind
            when 'handle' then length(needle) >= 4
            when 'name' then length(needle) >= 5
            else length(needle) >= 6
        end
        and needle not in (select lower(organisation) from core.organisations where organisation is not null)
        -- The words that masking itself writes.
        and needle not in ('naam', 'link', 'e-mail', 'telefoon', 'account', 'iban')
        and needle not in (select lower(label) from core.labels)
        and needle not in (select lower(dutch) from core.labels)
)

select
    needle,
    kind = 'id' or length(needle) < 6 as is_whole,
    -- The longest word of the needle is what the search begins with.
    list_reduce(string_split(needle, ' '), lambda one, other: if(length(one) >= length(other), one, other)) as word
from sensible
group by all
