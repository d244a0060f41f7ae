-- Other people's texts, without the names of who is gone. rows_given: (platform, post_id, text).
update posts
set text = given.text
from rows_given as given
where posts.platform = given.platform and posts.post_id = given.post_id
