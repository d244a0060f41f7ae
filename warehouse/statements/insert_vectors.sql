-- Vectors of posts that wait to be read: those that are still here.
insert into vectors by name
select
    unread.post_key,
    md5_number_lower(incoming.masked_text) as text_mark,
    incoming.signs,
    incoming.model_version
from incoming_vectors as incoming
join unread using (platform, post_id)
semi join reader using (model_version)
