-- What was read waits no longer.
delete from unread
where (platform, post_id, text_hash) in (
    select (platform, post_id, text_hash)
    from unnamed_annotations
    semi join reader using (model_version)
)
