-- Grain: one row per annotated post: the annotation that counts.
create table core.annotations as
select
    post_key,
    purpose,
    core.coarse(purpose_p) as purpose_p,
    goal,
    core.coarse(goal_p) as goal_p,
    role,
    core.coarse(role_p) as role_p,
    needs_review,
    is_corrected,
    model_goal,
    core.coarse(model_goal_p) as model_goal_p,
    model_version,
    codebook_version,
    annotated_at
from annotated;

comment on table core.annotations is 'One row per annotated post: what the newest model read in it, or what a person made of that. Probabilities are rounded to a step (ops.settings, probability_step), so that none leads to its text.';
comment on column core.annotations.post_key is 'The post.';
comment on column core.annotations.purpose is 'personal, organisational or other (docs/codebook.md).';
comment on column core.annotations.purpose_p is 'Calibrated probability of the purpose, rounded; 1 when a person corrected it.';
comment on column core.annotations.goal is 'The goal under the purpose.';
comment on column core.annotations.goal_p is 'Calibrated probability of the goal, rounded; 1 when a person corrected it.';
comment on column core.annotations.role is 'The author''s role as this post''s annotation saw it; figures use core.posts.role.';
comment on column core.annotations.role_p is 'Probability of the role, rounded.';
comment on column core.annotations.needs_review is 'Whether the model asks a person to look.';
comment on column core.annotations.is_corrected is 'Whether a person corrected it: purpose, goal and, when judged, themes are theirs.';
comment on column core.annotations.model_goal is 'The goal that the model read, also where a person corrected it.';
comment on column core.annotations.model_goal_p is 'Its calibrated probability, rounded.';
comment on column core.annotations.model_version is 'The model that read it.';
comment on column core.annotations.codebook_version is 'The codebook that the model was trained on.';
comment on column core.annotations.annotated_at is 'When it was read, UTC.';
