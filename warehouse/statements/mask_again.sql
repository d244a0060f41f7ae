-- Texts that an older version of the masking rules masked. $masked: list of (post_key, masked_text).
update posts
set masked_text = again.masked_text, masking_version = $version
from (
    select unnest($masked::struct(post_key varchar, masked_text varchar)[], recursive := true)
) as again
where posts.post_key = again.post_key
