-- Adds to `going` what goes with what is there already: the posts of accounts in `leaving`, and bare reposts of posts
-- that go, which hold their words. Returns one row for each that was added.
insert into going
select posts.platform, posts.post_id, posts.post_key
from posts
anti join going using (platform, post_id)
where
    exists (
        select *
        from leaving
        where leaving.platform = posts.platform and leaving.author_id = posts.author_id
    )
    or (
        posts.kind = 'repost'
        and exists (
            select *
            from going
            where going.platform = posts.platform and going.post_id = posts.parent_id
        )
    )
returning platform
