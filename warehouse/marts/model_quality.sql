-- Grain: one row per role, dimension and label: how often the model is right, by the audit sample.
-- Posts count by the inverse of their chance to be drawn and labelled. The intervals are Wilson's on the number of independent
-- posts: those of one author are taken as fully alike (Kish), which is cautious.
create table mart.model_quality as
with roles as (
    select post_key, cluster_key, is_known, 1 / inclusion_p as weight, count_themes_answers, unnest(['all', role]) as role
    from audited
),

bases as (
    select
        roles.role,
        judged.dimension,
        count(*) as count_audited,
        count(distinct cluster_key) filter (where is_known) as count_authors,
        sum(weight) as weight
    from roles
    cross join (values ('purpose'), ('goal'), ('theme')) as judged (dimension)
    where judged.dimension <> 'theme' or count_themes_answers > 0
    group by roles.role, judged.dimension
),

marks as (
    select
        roles.role,
        marks.dimension,
        marks.label,
        roles.cluster_key,
        sum(weight * truth) as found,
        sum(weight * guess) as guessed,
        sum(weight * truth * guess) as agreed,
        sum(truth) as count_found,
        sum(guess) as count_guessed
    from audit_marks as marks
    join roles using (post_key)
    group by all
),

sums as (
    select
        role,
        dimension,
        label,
        sum(count_found) as count_found,
        sum(count_guessed) as count_guessed,
        sum(found) as found,
        sum(guessed) as guessed,
        sum(agreed) as agreed,
        sum(found) ^ 2 / nullif(sum(found ^ 2), 0) as effective_found,
        sum(guessed) ^ 2 / nullif(sum(guessed ^ 2), 0) as effective_guessed
    from marks
    group by role, dimension, label
),

rates as (
    select
        bases.role,
        codebook.dimension,
        codebook.label,
        codebook.position,
        bases.count_audited,
        bases.count_authors,
        coalesce(sums.count_found, 0) as count_found,
        coalesce(sums.count_guessed, 0) as count_guessed,
        least(1, sums.agreed / nullif(sums.guessed, 0)) as precision,
        least(1, sums.agreed / nullif(sums.found, 0)) as recall,
        greatest(0, sums.guessed - sums.agreed) / nullif(bases.weight - sums.found, 0) as false_positive_rate,
        sums.effective_found,
        sums.effective_guessed,
        core.setting('confidence_z') as z,
        case
            when bases.count_authors < core.setting('minimum_authors') then 'too few authors'
            when bases.count_audited < core.setting('minimum_audited') then 'too few audited posts'
        end as withheld
    from bases
    join core.labels as codebook using (dimension)
    left join sums
        on sums.role = bases.role and sums.dimension = codebook.dimension and sums.label = codebook.label
)

select
    role,
    dimension,
    label,
    count_audited,
    count_authors,
    case when withheld is null then count_found end as count_found,
    case when withheld is null then count_guessed end as count_guessed,
    case when withheld is null then precision end as precision,
    case when withheld is null then core.wilson_low(precision, effective_guessed, z) end as precision_low,
    case when withheld is null then core.wilson_high(precision, effective_guessed, z) end as precision_high,
    case when withheld is null then recall end as recall,
    case when withheld is null then core.wilson_low(recall, effective_found, z) end as recall_low,
    case when withheld is null then core.wilson_high(recall, effective_found, z) end as recall_high,
    case when withheld is null then false_positive_rate end as false_positive_rate,
    withheld
from rates
order by rates.role, rates.dimension, rates.position;

comment on table mart.model_quality is 'One row per role, dimension and label: errors of the model on the audit sample, which is random and never trained on. Empty until somebody labels it.';
comment on column mart.model_quality.role is 'The authors'' role, or all: the model may err differently on each.';
comment on column mart.model_quality.dimension is 'purpose, goal or theme.';
comment on column mart.model_quality.label is 'The label (core.labels).';
comment on column mart.model_quality.count_audited is 'Audited Dutch posts (themes: whose themes were judged).';
comment on column mart.model_quality.count_authors is 'Different known authors of them.';
comment on column mart.model_quality.count_found is 'Of them, given the label by people; a part for each annotator where they differ.';
comment on column mart.model_quality.count_guessed is 'Of them, given the label by the model.';
comment on column mart.model_quality.precision is 'Estimand: share of the posts that the model gives the label that people give it too.';
comment on column mart.model_quality.precision_low is 'Lower end of its 95% interval (Wilson, clustered by author).';
comment on column mart.model_quality.precision_high is 'Upper end of its 95% interval.';
comment on column mart.model_quality.recall is 'Estimand: share of the posts that people give the label that the model finds.';
comment on column mart.model_quality.recall_low is 'Lower end of its 95% interval (Wilson, clustered by author).';
comment on column mart.model_quality.recall_high is 'Upper end of its 95% interval.';
comment on column mart.model_quality.false_positive_rate is 'Share of the posts without the label that the model gives it all the same.';
comment on column mart.model_quality.withheld is 'Why the figures are withheld, or null.';
