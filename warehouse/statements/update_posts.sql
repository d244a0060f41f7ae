-- Posts that are newer than what the vault holds, and differ. What a platform leaves out this time stays known.
update posts
set
    url = coalesce(batch.url, posts.url),
    author_id = coalesce(batch.author_id, posts.author_id),
    author_key = coalesce(batch.author_key, posts.author_key),
    created_at = if(batch.is_dated_by_edit, posts.created_at, batch.created_at),
    text = batch.text,
    masked_text = batch.masked_text,
    masking_version = batch.masking_version,
    language_hint = coalesce(batch.language_hint, posts.language_hint),
    kind = batch.kind,
    parent_id = coalesce(batch.parent_id, posts.parent_id),
    parent_key = coalesce(batch.parent_key, posts.parent_key),
    likes = coalesce(batch.likes, posts.likes),
    replies = coalesce(batch.replies, posts.replies),
    reposts = coalesce(batch.reposts, posts.reposts),
    quotes = coalesce(batch.quotes, posts.quotes),
    views = coalesce(batch.views, posts.views),
    edited_at = coalesce(batch.edited_at, if(batch.is_dated_by_edit, batch.created_at, null), posts.edited_at),
    collected_at = batch.collected_at
from batch
where
    batch.change = 'update'
    and posts.platform = batch.platform
    and posts.post_id = batch.post_id
