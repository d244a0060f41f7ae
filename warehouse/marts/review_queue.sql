-- Grain: one row per post that the model asks a person to look at, the most doubtful first.
-- Posts of the audit sample are asked about apart (ops.audit), without the model's guess.
create table mart.review_queue as
select
    posts.post_key,
    posts.platform,
    posts.created_at,
    posts.role,
    posts.text,
    annotations.purpose,
    annotations.purpose_p,
    annotations.goal,
    annotations.goal_p,
    annotations.model_version,
    questions.question_hash
from core.posts as posts
join core.annotations as annotations using (post_key)
join questions using (post_key)
anti join ops.audit using (post_key)
where posts.is_counted and annotations.needs_review
order by annotations.goal_p, posts.post_key;

comment on table mart.review_queue is 'One row per post that the model asks a person to look at, the most doubtful first.';
comment on column mart.review_queue.post_key is 'The post.';
comment on column mart.review_queue.platform is 'Its platform.';
comment on column mart.review_queue.created_at is 'When it was made, UTC.';
comment on column mart.review_queue.role is 'Role of its author.';
comment on column mart.review_queue.text is 'Its text, masked.';
comment on column mart.review_queue.purpose is 'The purpose that the model reads.';
comment on column mart.review_queue.purpose_p is 'Its probability, rounded (ops.settings, probability_step).';
comment on column mart.review_queue.goal is 'The goal that the model reads.';
comment on column mart.review_queue.goal_p is 'Its probability, rounded (ops.settings, probability_step).';
comment on column mart.review_queue.model_version is 'The model that read it.';
comment on column mart.review_queue.question_hash is 'Names the text and codebook that an answer is about; goes back with it.';
