-- Other people's texts without the names of who is gone. rows_given: (post_key, text, masked_text).
update posts
set text = given.text, masked_text = given.masked_text
from rows_given as given
where posts.post_key = given.post_key
