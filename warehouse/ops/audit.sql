-- Grain: one row per post of the audit sample, in the order in which people are asked about it.
create table ops.audit as
with answered as (
    select
        post_key,
        count(*) filter (where kind = 'audit') as count_answers,
        -- Who did not judge the themes, a null, differs from nobody about them.
        count(distinct goal) filter (where kind = 'audit') > 1
        or count(distinct array_to_string(themes, ',')) filter (where kind = 'audit') > 1 as is_disputed,
        bool_or(kind = 'adjudication') as is_adjudicated,
        coalesce(list_sort(list(annotator_key) filter (where kind = 'audit')), []) as annotator_keys
    from answers
    group by post_key
)

select
    drawn.draw_id,
    drawn.position,
    posts.post_key,
    drawn.stratum,
    drawn.inclusion_p,
    drawn.is_double,
    if(drawn.is_double, 2, 1) as count_asked,
    coalesce(answered.count_answers, 0) as count_answers,
    coalesce(answered.annotator_keys, []) as annotator_keys,
    case
        when answered.is_adjudicated then 'adjudicated'
        when answered.is_disputed then 'disputed'
        when answered.count_answers >= count_asked then 'done'
        else 'open'
    end as state,
    left(sha256(salt || chr(31) || held.text || chr(31) || getvariable('codebook_version')), 16) as question_hash
from vault.audit_posts as drawn
join vault.audit_draws as draws using (draw_id)
join vault.posts as held using (post_key)
join core.posts as posts using (post_key)
cross join vault.label_salt
left join answered using (post_key)
order by draws.drawn_at, drawn.position;

comment on table ops.audit is 'One row per post of the audit sample, in the order in which people are asked about it.';
comment on column ops.audit.draw_id is 'The draw that took it (ops.audit_draws).';
comment on column ops.audit.position is 'Its place in the order of asking, at random.';
comment on column ops.audit.post_key is 'The post.';
comment on column ops.audit.stratum is 'Number of its stratum within the draw: months of a platform, put together where they are small.';
comment on column ops.audit.inclusion_p is 'The chance that this draw took it.';
comment on column ops.audit.is_double is 'Whether two annotators are asked.';
comment on column ops.audit.count_asked is 'Annotators that are asked.';
comment on column ops.audit.count_answers is 'Annotators that answered, about its present text and codebook.';
comment on column ops.audit.annotator_keys is 'Who answered: keyed hashes of the names that annotators gave themselves.';
comment on column ops.audit.state is 'open, done, disputed (annotators differ: to be adjudicated) or adjudicated.';
comment on column ops.audit.question_hash is 'Names the text and codebook that an answer is about; goes back with it.';
