-- Grain: one row per label of the audit that counts.
create table ops.audit_answers as
select
    answers.post_key,
    answers.annotator_key,
    answers.kind,
    answers.purpose,
    answers.goal,
    answers.themes,
    answers.labelled_at,
    answers.is_final
from answers
join core.posts using (post_key)
order by answers.post_key, answers.labelled_at, answers.annotator_key;

comment on table ops.audit_answers is 'One row per label that people gave in the audit: the newest of each annotator about the present text.';
comment on column ops.audit_answers.post_key is 'The post.';
comment on column ops.audit_answers.annotator_key is 'Keyed hash of the name that the annotator gave themselves.';
comment on column ops.audit_answers.kind is 'audit or adjudication.';
comment on column ops.audit_answers.purpose is 'The purpose of the goal.';
comment on column ops.audit_answers.goal is 'The goal.';
comment on column ops.audit_answers.themes is 'The themes; null when they were not judged.';
comment on column ops.audit_answers.labelled_at is 'When, UTC.';
comment on column ops.audit_answers.is_final is 'Whether figures use it: an adjudication takes the place of what it decides between.';
