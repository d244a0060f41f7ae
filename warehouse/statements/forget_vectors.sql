-- The vectors of posts that were read again.
delete from vectors
where post_key in (
    select unread.post_key
    from incoming_vectors
    join unread using (platform, post_id)
    semi join reader using (model_version)
)
