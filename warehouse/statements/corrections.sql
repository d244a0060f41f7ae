-- Temp table corrections: the newest correction of every post whose text is still the one that was corrected.
-- $goals: the codebook's; a goal that a newer codebook has dropped corrects nothing.
create or replace temp table corrections as
select
    labels.post_key,
    labels.purpose,
    labels.goal,
    labels.themes
from vault.labels
cross join vault.label_salt
join vault.posts using (post_key)
where
    labels.kind = 'correction'
    and list_contains($goals::varchar[], labels.goal)
    and labels.question_hash
    = left(sha256(salt || chr(31) || posts.text || chr(31) || labels.codebook_version), 16)
qualify row_number() over (
    partition by labels.post_key
    order by labels.labelled_at desc, labels.stored_at desc, labels.label_id
) = 1
