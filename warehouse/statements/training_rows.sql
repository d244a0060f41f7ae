-- Grain: one row per corrected post outside the audit sample and outside Reddit, with the newest correction.
with corrected as (
    select labels.*
    from labels
    where kind = 'correction' and codebook_version = $codebook_version
    qualify row_number() over (partition by post_key order by labelled_at desc, stored_at desc, label_id) = 1
),

kept_apart as (
    select posts.post_key, posts.masked_text
    from posts
    join audit_posts using (post_key)
)

select
    corrected.post_key as id,
    posts.masked_text as text,
    -- The bio names people and places; the model reads it by rules alone and learns nothing from it.
    null as bio,
    corrected.purpose,
    corrected.goal,
    corrected.themes,
    corrected.codebook_version,
    corrected.annotator as writer
from corrected
cross join label_salt
join posts using (post_key)
where
    -- Reddit's terms allow no training on what is posted there without its permission.
    posts.platform <> 'reddit'
    and corrected.question_hash
    = left(sha256(salt || chr(31) || posts.text || chr(31) || corrected.codebook_version), 16)
    and corrected.post_key not in (select post_key from kept_apart)
    and posts.masked_text not in (select masked_text from kept_apart)
order by id
