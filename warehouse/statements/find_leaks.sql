-- The rows of `cells` (place, value) that hold a needle. Returns (place, value, needle).
-- Set-based: the distinct words of all cells are cut into pieces as long as a needle's word; a hash join finds which
-- pieces are needles; only those few are then compared with the whole value. Words travel with a number, not a text.
with lines as materialized (
    select
        row_number() over () as line_id,
        value,
        ' ' || lower(regexp_replace(value, '\s+', ' ', 'g')) || ' ' as line
    from (select distinct value from cells where length(value) >= 4)
),

tokens as materialized (
    select line_id, unnest(string_split(line, ' ')) as token
    from lines
),

words as materialized (
    select distinct token
    from tokens
    where length(token) >= 2
),

lengths as (
    select distinct length(word) as size from needles
),

pieces as (
    select
        words.token,
        words.token[start : start + lengths.size - 1] as piece
    from words
    join lengths on lengths.size <= length(words.token),
        unnest(range(1, length(words.token) - lengths.size + 2)) as starts (start)
),

suspects as materialized (
    select distinct pieces.token, needles.needle, needles.is_whole
    from pieces
    join needles on needles.word = pieces.piece
),

candidates as (
    select distinct tokens.line_id, suspects.needle, suspects.is_whole
    from tokens
    join suspects using (token)
),

found as (
    select lines.value, candidates.needle
    from candidates
    join lines using (line_id)
    where
        contains(lines.line, candidates.needle)
        and (
            not candidates.is_whole
            or contains(
                regexp_replace(lines.line, '[^\p{L}\p{M}\p{N}_:.@\-]+|[.:\-]+ ', ' ', 'g') || ' ',
                ' ' || candidates.needle || ' '
            )
        )
)

select distinct cells.place, found.value, found.needle
from found
join cells using (value)
