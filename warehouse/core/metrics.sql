-- Grain: one row per post and look at its counts.
create table core.metrics as
select
    posts.post_key,
    metrics.collected_at,
    metrics.likes,
    metrics.replies,
    metrics.reposts,
    metrics.quotes,
    metrics.views
from vault.metrics
join vault.posts using (platform, post_id);

comment on table core.metrics is 'One row per post and look at its counts, kept when one of them moved and at every refresh.';
comment on column core.metrics.post_key is 'The post.';
comment on column core.metrics.collected_at is 'When the counts were seen, UTC.';
comment on column core.metrics.likes is 'Likes; null when the platform does not say.';
comment on column core.metrics.replies is 'Replies.';
comment on column core.metrics.reposts is 'Reposts.';
comment on column core.metrics.quotes is 'Quotes.';
comment on column core.metrics.views is 'Views.';
