-- Annotations of posts that wait for them: of this text, by this model.
insert into annotations by name
select incoming.*, now() as annotated_at
from unnamed_annotations as incoming
semi join unread using (platform, post_id, text_hash)
semi join reader using (model_version)
