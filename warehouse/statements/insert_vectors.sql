-- Vectors of posts that are still here.
insert into vectors by name
select
    posts.post_key,
    md5_number_lower(incoming.masked_text) as text_mark,
    incoming.signs,
    incoming.model_version
from incoming_vectors as incoming
join posts using (platform, post_id)
