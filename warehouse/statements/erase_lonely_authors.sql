-- Accounts of which nothing is left once what is in `going` has gone: they go too. Returns one row for each.
insert into leaving
select authors.platform, authors.author_id, any_value(authors.author_key)
from authors
join posts using (platform, author_id)
left join going using (platform, post_id)
anti join leaving using (platform, author_id)
group by authors.platform, authors.author_id
having count(*) = count(going.post_id)
returning platform
