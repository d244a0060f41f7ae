-- What to ask an annotator, in order: the audit sample, then what the model doubts.
-- $me: the annotator's key; $mine: posts that they answered since the file was published.
-- The last column: how many answers an audited post still lacks (null: as many as one likes).
with asked as (
    select
        post_key,
        'audit' as kind,
        question_hash,
        count_asked - count_answers as count_left,
        row_number() over (order by draw_id, position) as place
    from ops.audit
    where state = 'open' and not list_contains(annotator_keys, $me)
    union all
    select
        post_key,
        'correction' as kind,
        question_hash,
        null as count_left,
        1e9 + row_number() over (order by goal_p, post_key) as place
    from mart.review_queue
)

select
    asked.post_key,
    asked.kind,
    posts.platform,
    posts.created_at,
    posts.text,
    asked.question_hash,
    asked.count_left
from asked
join core.posts as posts using (post_key)
where not list_contains($mine::varchar[], asked.post_key)
order by asked.place
limit $limit
