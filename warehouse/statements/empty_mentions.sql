-- Forgets what was read as mentioned in the posts in `reworded`, which wait to be read again.
update annotations
set organisations = [], hashtags = []
from reworded
where
    annotations.platform = reworded.platform
    and annotations.post_id = reworded.post_id
