-- The pipeline took any @handle in a text for an organisation, and wrote handles and hashtags with spaces for _, so that the
-- search for names did not know them: what was read may name people, also some who were erased since. It took children,
-- partners, churches and patients' associations in a bio for the employer, and somebody's own re-integration for the job.
-- All that goes, and all posts wait to be read again, the same night, by what keeps none of it.

update annotations
set organisations = [], hashtags = [], employer = null, role_evidence = null, role_field = null;

insert into unread
select
    posts.platform,
    posts.post_id,
    posts.post_key,
    sha256(posts.text || chr(31) || coalesce(authors.bio, '')) as text_hash
from posts
anti join unread using (platform, post_id)
left join authors using (platform, author_id);
