-- Posts that the vault did not hold.
insert into posts by name
select
    platform, post_id, url, author_id, created_at, text, language_hint, kind, parent_id,
    likes, replies, reposts, quotes, views, edited_at, collected_at, source, query,
    post_key, author_key, parent_key, masked_text, masking_version
from batch
where change = 'insert'
