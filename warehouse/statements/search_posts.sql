-- Grain: one row per post that holds the words, the best first.
with scored as (
    select post_key, score
    from (
        select
            post_key,
            fts_main_texts.match_bm25(number, $words, conjunctive := case when $all_words then 1 else 0 end) as score
        from texts
    )
    where score is not null
    order by score desc, post_key
    limit $rows
)

select
    scored.score,
    posts.post_key,
    posts.platform,
    posts.created_at,
    posts.role,
    posts.purpose,
    posts.goal,
    posts.text
from scored
join published.core.posts as posts using (post_key)
order by scored.score desc, posts.post_key
