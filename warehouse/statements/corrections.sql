-- Temp table corrections: the newest correction of every post whose text is still the one that was corrected.
-- $goals (goal, purpose) and $themes are the codebook's: a goal that a newer codebook has dropped corrects nothing, a
-- theme that it has dropped is left out, and a goal falls under the purpose that it has now.
create or replace temp table corrections as
with goals as (
    select unnest($goals::struct(goal varchar, purpose varchar)[], recursive := true)
)

select
    labels.post_key,
    goals.purpose,
    labels.goal,
    list_filter(labels.themes, lambda theme: list_contains($themes::varchar[], theme)) as themes
from vault.labels
join goals using (goal)
cross join vault.label_salt
join vault.posts using (post_key)
where
    labels.kind = 'correction'
    and labels.question_hash
    = left(sha256(salt || chr(31) || posts.text || chr(31) || labels.codebook_version), 16)
qualify row_number() over (
    partition by labels.post_key
    order by labels.labelled_at desc, labels.stored_at desc, labels.label_id
) = 1
