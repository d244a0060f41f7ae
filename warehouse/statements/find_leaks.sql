-- The rows of `cells` (place, item, value) that hold a needle, into `found` (place, item, value, needle).
-- Numbers travel through the search, not texts.
-- All words are listed once, and needles are looked for in that list by hash joins on six characters. The few
-- lines that hold a word under suspicion are then compared with the whole needle. Keys only narrow the search down:
-- a line that holds a needle always holds its key, so what is found is what comparing everything would find.
-- Step by step through tables: in one statement DuckDB 1.5.5 takes six times as long.
create or replace temp table leak_cells as
select place, item, value
from cells;

create or replace temp table leak_words as
select distinct unnest(string_split(lower(value), ' ')) as word
from leak_cells;

create or replace temp table leak_parts as
select distinct
    word,
    unnest(case
        when regexp_full_match(word, '[a-z0-9_]+') then [word]
        else regexp_extract_all(plain(word), '[\p{L}\p{M}\p{N}_]+')
    end) as part
from leak_words as words;

create or replace temp table leak_suspects as
-- Ids also stand glued to other things: t3_1abcde, nr8800001.
with pieces as (
    select word, part as piece from leak_parts as parts
    union all
    select word, unnest(string_split(part, '_')) as piece from leak_parts as parts where contains(part, '_')
    union all
    select word, unnest(regexp_extract_all(part, '[0-9]{6,}')) as piece from leak_parts as parts where regexp_matches(part, '[0-9]{6}')
),

sizes as (
    select distinct side, length(anchor)::integer as size from needles where not is_whole
),

anchors as (
    select parts.word, parts.part, sizes.side, left(parts.part, sizes.size) as anchor
    from leak_parts as parts
    join sizes on sizes.side = 'start' and sizes.size <= length(parts.part)
    union all
    select parts.word, parts.part, sizes.side, right(parts.part, sizes.size) as anchor
    from leak_parts as parts
    join sizes on sizes.side = 'end' and sizes.size <= length(parts.part)
    union all
    select
        parts.word,
        parts.part,
        sizes.side,
        unnest(list_transform(
            range(1, length(parts.part) - sizes.size + 2), lambda start: substring(parts.part, start, sizes.size)
        )) as anchor
    from leak_parts as parts
    join sizes on sizes.side = 'any' and sizes.size <= length(parts.part)
)

select pieces.word, needles.needle
from pieces
join needles on needles.is_whole and needles.key = pieces.piece
union
select anchors.word, needles.needle
from anchors
join needles
    on not needles.is_whole
    and needles.side = anchors.side
    and needles.anchor = anchors.anchor
where contains(anchors.part, needles.key);

create or replace temp table leak_hits as
with spoken as (
    select rowid as number, unnest(string_split(lower(value), ' ')) as word
    from leak_cells
)

select distinct spoken.number, suspects.needle
from spoken
join leak_suspects as suspects using (word);

create or replace temp table leak_held as
with lines as (
    select rowid as number, place, item, value, ' ' || regexp_replace(plain(value), '\s+', ' ', 'g') || ' ' as line
    from leak_cells
    where rowid in (select number from leak_hits)
)

select lines.* exclude (number), needles.needle, needles.is_whole, needles.is_id
from leak_hits
join needles using (needle)
join lines using (number)
where contains(lines.line, needles.needle);

create or replace temp table found as
-- Only now, for few lines, the slow patterns that tell a whole word from a part of one.
with cut as (
    select
        held.*,
        regexp_replace(line, '[^\p{L}\p{M}\p{N}_:.@\-]+|[.:\-]+ ', ' ', 'g') || ' ' as words,
        regexp_replace(line, '[^\p{L}\p{M}\p{N}]+', ' ', 'g') as runs,
        regexp_replace(line, '[^0-9]+', ' ', 'g') as numbers,
        ' ' || needle || ' ' as word,
        ' ' || trim(regexp_replace(needle, '[^\p{L}\p{M}\p{N}]+', ' ', 'g')) || ' ' as run
    from leak_held as held
    where is_whole
)

select place, item, value, needle
from leak_held as held
where not is_whole
union all
select place, item, value, needle
from cut
where
    contains(words, word)
    or (is_id and contains(runs, run))
    or (regexp_full_match(needle, '[0-9]{6,}') and contains(numbers, word));

drop table leak_cells;
