-- The mentions in `said` that hold a handle of `needles`, or a name run together, once both are written in one word, into
-- `joined_found`.
-- The pipeline parts a hashtag into words: of #Anna_deVries, which a text masks for anna_devries, it makes "anna de vries".
create or replace temp table joined_found as
with handles as (
    select distinct joined(needle) as handle
    from needles
    where
        is_handle
        -- Of a tag that signs at its ends alone tell from a word, as "recruiter_", the pipeline makes none (nlp/hashtags.py).
        and not regexp_full_match(needle, '[^\p{L}\p{N}]+\p{L}+[^\p{L}\p{N}]*|\p{L}+[^\p{L}\p{N}]+')
),

-- Handles are sought as in a text: short ones as a whole, longer ones anywhere, by their first six characters.
sought as (
    select handle, left(handle, 6) as anchor
    from handles
    where length(handle) >= 4 and handle not in (select joined(needle) from spared)
),

written as (
    select distinct mention, joined(mention) as word
    from said
),

pieces as (
    select
        mention,
        word,
        unnest(list_transform(
            range(1, greatest(length(word) - 5, 1) + 1), lambda start: substring(word, start, 6)
        )) as anchor
    from written
)

select distinct pieces.mention
from pieces
join sought using (anchor)
where pieces.word = sought.handle or (length(sought.handle) >= 6 and contains(pieces.word, sought.handle))
