-- Grain: one row per hashtag of HR people over the newest twelve months: the twelve that most of them use.
with newest as (
    select max(created_month) as month from core.posts where is_counted
)

select
    mentions.mention,
    count(*) as count_posts,
    count(distinct posts.author_key) as count_authors
from core.mentions as mentions
join core.posts as posts using (post_key)
cross join newest
where
    mentions.kind = 'hashtag'
    and posts.is_counted
    and posts.role = 'hr'
    and posts.created_month > newest.month - interval 12 month
group by mentions.mention
having count(distinct posts.author_key) >= core.setting('minimum_authors')
order by count_authors desc, count_posts desc, mentions.mention
limit 12
