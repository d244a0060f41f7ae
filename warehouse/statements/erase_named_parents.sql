-- The ids of what a post answers, where its page says them no more: they were addresses with a name in them.
-- rows_given: (platform, post_id, parent_id).
update posts
set parent_id = null, parent_key = null
from rows_given as given
where
    posts.platform = given.platform
    and posts.post_id = given.post_id
    and posts.parent_id = given.parent_id
