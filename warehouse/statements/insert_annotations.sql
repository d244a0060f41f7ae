-- Annotations that are new for their post, text, model and codebook, of posts that are still here.
insert into annotations by name
select incoming.*, now() as annotated_at
from (
    select *
    from unnamed_annotations
    qualify row_number() over (partition by platform, post_id, text_hash, model_version, codebook_version) = 1
) as incoming
semi join posts using (platform, post_id)
anti join annotations using (platform, post_id, text_hash, model_version, codebook_version)
