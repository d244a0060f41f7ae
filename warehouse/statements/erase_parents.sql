-- The ids of what a post answers, where they name an account that leaves: such ids hold the account's own.
update posts
set parent_id = null, parent_key = null
from leaving
where
    posts.platform = leaving.platform
    and length(leaving.author_id) >= 8
    and contains(posts.parent_id, leaving.author_id)
