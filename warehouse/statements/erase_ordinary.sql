-- Needles in `found` that are ordinary words: what is erased from others' words is erased for good, so "vacature" must not go
-- because an account has that name. One word of letters that $authors others write in lower case, by itself or within a longer
-- word, is ordinary; not two words of its owner's name run together, as in many an account's name and in hashtags.
with ordinary as (
    select found.needle
    from found
    join posts on posts.post_key = found.item
    where
        found.place = 'text'
        and regexp_full_match(found.needle, '\p{L}+')
        and contains(posts.masked_text, found.needle)
    group by found.needle
    having count(distinct posts.author_key) >= $authors
),

written_as_one as (
    select plain(handle) as needle, display_name from naming
    union
    select plain(called(platform, handle)) as needle, display_name from naming where platform in ('mastodon', 'bluesky')
    union
    select joined(needle) as needle, needle as display_name from needles
),

parts as (
    select needle, unnest(string_split_regex(plain(display_name), '[^\p{L}]+')) as part
    from written_as_one
),

own as (
    select needle
    from parts
    where length(part) >= 2 and contains(needle, part)
    group by needle
    having count(distinct part) >= 2
)

delete from needles
where needle in (select needle from ordinary) and needle not in (select needle from own)
