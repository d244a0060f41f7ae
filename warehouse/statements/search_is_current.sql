-- Whether the index was made from this publishing.
select made_from.published_at = about.value and (select count(*) from published.core.posts) >= made_from.count_posts
from made_from
cross join published.ops.about as about
where about.name = 'published_at'
