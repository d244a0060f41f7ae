-- The posts that the model asks a person to look at, the most doubtful first. Without its guess.
select
    queue.post_key,
    'correction' as kind,
    queue.platform,
    queue.text,
    queue.question_hash,
    about.value as codebook_version
from mart.review_queue as queue
cross join (select value from ops.about where name = 'codebook_version') as about
order by queue.goal_p, queue.post_key
