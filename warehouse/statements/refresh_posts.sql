-- A post carries the counts of its snapshot of $now. What the platform left out this time stays known.
update posts
set
    likes = coalesce(metrics.likes, posts.likes),
    replies = coalesce(metrics.replies, posts.replies),
    reposts = coalesce(metrics.reposts, posts.reposts),
    quotes = coalesce(metrics.quotes, posts.quotes),
    views = coalesce(metrics.views, posts.views)
from metrics
where
    metrics.platform = $platform
    and metrics.collected_at = $now
    and posts.platform = metrics.platform
    and posts.post_id = metrics.post_id
