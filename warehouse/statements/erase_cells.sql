-- What is searched for the names of those who go: others' texts as they are shown, what they mention, what runs said. Only what holds a needle's
-- key, by $pattern, so that few texts are kept for the search; it finds no needle without its key.
create or replace temp table cells as
with written as (
    select 'text' as place, post_key as item, masked_text as value
    from posts
    anti join going using (platform, post_id)
    union all
    select 'mention' as place, mention as item, mention as value
    from said
    union all
    select 'message' as place, run_id as item, message as value
    from runs
    where message is not null
)

select place, item, value
from written
where regexp_matches(plain(value), $pattern)
