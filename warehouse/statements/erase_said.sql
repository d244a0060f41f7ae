-- What posts that stay mention.
create or replace temp view said as
select distinct unnest(organisations || hashtags) as mention
from annotations
anti join going using (platform, post_id)
