-- Grain: one row per post that holds any of the words.
select post_key
from texts
where fts_main_texts.match_bm25(number, $words) is not null
