-- One row: whether there is a post $key, how many posts have a vector, and whether that one has.
select
    (select count(*) from core.posts where post_key = $key) as count_posts,
    count(*) as count_vectors,
    count(*) filter (where post_key = $key) as count_own
from core.vectors
