-- What an hour of each query of $source brought at most, over its last $windows windows that were read to their end.
-- Where reads are billed those count, repeated ones too; else the posts that are kept.
with ended as (
    select
        query,
        since,
        until,
        count_pages,
        greatest(1, date_diff('second', since, until) / 3600) as hours
    from windows
    where source = $source and list_contains($closed::varchar[], state)
    qualify row_number() over (partition by query order by until desc, since desc) <= $windows
),

billed as (
    select
        pages.query,
        pages.since,
        pages.until,
        sum(reads.amount) filter (where reads.resource in ('post', 'post repeated')) as posts,
        sum(reads.amount) filter (where reads.resource in ('user', 'user repeated')) as users
    from reads
    inner join pages on reads.page_id = pages.page_id
    where pages.source = $source
    group by all
),

kept as (
    select
        ended.query,
        ended.since,
        ended.until,
        count(*) as posts
    from ended
    inner join posts
        on
            posts.source = $source
            and ended.query = posts.query
            and ended.since <= posts.created_at
            and ended.until > posts.created_at
    group by all
)

select
    ended.query,
    count(*) as windows,
    max(coalesce(billed.posts, kept.posts, 0) / ended.hours)::double as posts,
    max(coalesce(billed.users, 0) / ended.hours)::double as users,
    max(ended.count_pages / ended.hours)::double as pages
from ended
left join billed using (query, since, until)
left join kept using (query, since, until)
group by ended.query
