-- The vectors of posts that come again.
delete from vectors
where post_key in (
    select posts.post_key
    from incoming_vectors
    join posts using (platform, post_id)
)
