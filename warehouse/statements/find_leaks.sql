-- The rows of `cells` (place, value) that hold a needle. Returns (place, value, needle).
-- Set-based: the distinct words of all cells are cut into pieces as long as a needle's word; a hash join finds which
-- pieces are needles; only those few are then compared with the whole value.
with tidy as (
    select distinct
        value,
        ' ' || lower(regexp_replace(value, '\s+', ' ', 'g')) || ' ' as line
    from cells
    where length(value) >= 4
),

tokens as (
    select distinct value, line, unnest(string_split(line, ' ')) as token
    from tidy
),

words as (
    select distinct token
    from tokens
    where length(token) >= 2
),

lengths as (
    select distinct length(word) as size, is_whole from needles
),

pieces as (
    select
        words.token,
        words.token[start : start + lengths.size - 1] as piece
    from words
    join lengths on lengths.size <= length(words.token),
        unnest(range(1, length(words.token) - lengths.size + 2)) as starts (start)
),

suspects as (
    select distinct pieces.token, needles.needle, needles.is_whole
    from pieces
    join needles on needles.word = pieces.piece
)

select distinct
    cells.place,
    cells.value,
    suspects.needle
from suspects
join tokens using (token)
join cells on cells.value = tokens.value
where
    case
        when suspects.is_whole
            then
                contains(
                    regexp_replace(tokens.line, '[^\p{L}\p{M}\p{N}_:.@\-]+|[.:\-]+ ', ' ', 'g') || ' ',
                    ' ' || suspects.needle || ' '
                )
        else contains(tokens.line, suspects.needle)
    end
