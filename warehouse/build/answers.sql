-- Grain: one row per label that counts in the audit: of each annotator the newest, about the present text and codebook.
-- Where somebody adjudicated, that alone is final; until then every annotator counts for a part.
create or replace temp table answers as
with newest as (
    select
        labels.*,
        annotators.annotator_key
    from vault.labels
    join annotators using (annotator)
    cross join vault.label_salt
    join vault.posts using (post_key)
    where
        labels.kind in ('audit', 'adjudication')
        and labels.codebook_version = getvariable('codebook_version')
        and labels.question_hash
        = left(sha256(salt || chr(31) || posts.text || chr(31) || labels.codebook_version), 16)
    qualify row_number() over (
        partition by labels.post_key, labels.kind, if(labels.kind = 'audit', labels.annotator, '')
        order by labels.labelled_at desc, labels.stored_at desc, labels.label_id
    ) = 1
)

select
    newest.post_key,
    newest.annotator_key,
    newest.kind,
    newest.purpose,
    newest.goal,
    newest.themes,
    newest.labelled_at,
    newest.kind = 'adjudication' or not bool_or(newest.kind = 'adjudication') over same_post as is_final
from newest
window same_post as (partition by newest.post_key)
