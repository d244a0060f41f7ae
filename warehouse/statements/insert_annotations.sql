-- Annotations of posts that wait for them: of this text, by this model, each once.
insert into annotations by name
select incoming.*, now() as annotated_at
from (
    select *
    from unnamed_annotations
    qualify row_number() over (partition by platform, post_id) = 1
) as incoming
semi join unread using (platform, post_id, text_hash)
semi join reader using (model_version)
