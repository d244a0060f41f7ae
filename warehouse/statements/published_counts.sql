-- What the published file holds, in the order of PublishCounts.
select
    (select count(*) from pub.core.posts) as count_posts,
    (select count(*) from pub.core.authors) as count_authors
