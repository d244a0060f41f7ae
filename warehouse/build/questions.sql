-- Grain: one row per post that the model asks a person to look at: what names its present text and codebook.
create or replace temp table questions as
select
    annotated.post_key,
    left(sha256(salt || chr(31) || posts.text || chr(31) || getvariable('codebook_version')), 16) as question_hash
from annotated
join vault.posts using (post_key)
cross join vault.label_salt
where annotated.needs_review
