-- Posts with an address like $url, or with one of the ids that it holds, $ids. Returns (platform, post_id, is_meant).
-- Scheme, www., capitals, the last slash and encoding do not count. What follows a ? or # does, for on many a site it
-- alone tells posts apart; where it says less or more than a post's (`&utm_source=`, `#comments`) that post is meant
-- when it is the only one. A Bluesky address may name the account by its handle: then the account's id is looked up.
with addresses as (
    select
        posts.platform,
        posts.post_id,
        posts.author_id,
        authors.handle,
        regexp_extract(posts.url, '^[^?#]*') as page,
        regexp_replace(posts.url, '^[^?#]*', '') as rest
    from posts
    left join authors using (platform, author_id)
    union all
    select null, null, null, null, regexp_extract($url, '^[^?#]*'), regexp_replace($url, '^[^?#]*', '')
),

decoded as (
    select
        * replace (  -- url_decode fails on what is not UTF-8
            lower(coalesce(try(url_decode(page)), page)) as page,
            coalesce(try(url_decode(rest)), rest) as rest
        )
    from addresses
),

plain as (
    select
        * replace (
            regexp_replace(
                regexp_replace(rtrim(page, '/'), '^(https?://)?(www\.)?', ''),
                '^(mobile\.)?twitter\.com(/|$)', 'x.com\2'
            ) as page
        )
    from decoded
),

given as (
    select page, rest
    from plain
    where post_id is null
),

found as (
    select
        plain.platform,
        plain.post_id,
        plain.rest,
        coalesce(list_contains($ids, plain.post_id), false) as has_id,
        plain.page = given.page and plain.rest = given.rest
        or (plain.platform = 'bluesky' and replace(plain.page, lower(plain.author_id), lower(plain.handle)) = given.page)
            as is_same,
        plain.page = given.page
        and (
            '' in (plain.rest, given.rest)
            or starts_with(given.rest, plain.rest || '&')
            or starts_with(given.rest, plain.rest || '#')
        ) as is_like
    from plain
    cross join given
    where
        plain.post_id is not null
        and (has_id or is_same or plain.page = given.page)
)

select
    platform,
    post_id,
    has_id or is_same or (
        is_like
        and not (select bool_or(is_same) from found)
        and (select count(distinct rest) from found where is_like) = 1
    ) as is_meant
from found
