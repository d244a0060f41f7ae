-- Grain: one row per draw of the audit sample.
create table ops.audit_draws as
select
    draws.draw_id,
    draws.drawn_at,
    draws.population,
    draws.asked as count_drawn,
    count(audit.post_key) as count_posts,
    count(audit.post_key) filter (where audit.count_answers > 0) as count_labelled,
    count(audit.post_key) filter (where audit.count_answers > 1) as count_labelled_twice,
    count(audit.post_key) filter (where audit.state = 'disputed') as count_disputed,
    count(audit.post_key) filter (where audit.state = 'open') as count_open,
    draws.model_version
from vault.audit_draws as draws
left join ops.audit as audit using (draw_id)
group by all
order by draws.drawn_at;

comment on table ops.audit_draws is 'One row per draw of the audit sample: how far its labelling is.';
comment on column ops.audit_draws.draw_id is 'The draw.';
comment on column ops.audit_draws.drawn_at is 'When it was drawn, UTC.';
comment on column ops.audit_draws.population is 'Dutch posts that it drew from, bare reposts left out.';
comment on column ops.audit_draws.count_drawn is 'Posts that it drew.';
comment on column ops.audit_draws.count_posts is 'Of them, still here: the others were erased.';
comment on column ops.audit_draws.count_labelled is 'Of them, labelled at least once.';
comment on column ops.audit_draws.count_labelled_twice is 'Of them, labelled by two annotators or more.';
comment on column ops.audit_draws.count_disputed is 'Of them, waiting for adjudication.';
comment on column ops.audit_draws.count_open is 'Of them, waiting for an annotator.';
comment on column ops.audit_draws.model_version is 'The model at the time; audit labels outlive it.';
