-- Grain: one row per platform, role, goal and kind of reaction (likes, replies, reposts) that any post tells. Not published.
-- Not every platform tells every count, and feeds tell none: a figure rests on the posts that have it, so those and their
-- authors have to be enough. An author has one platform and one role, so different authors may be counted once and added up.
create or replace temp table reactions as
with answered as (
    select platform, role, goal, author_key, likes, replies, reposts
    from core.posts
    where is_counted
),

tellers as (
    select
        platform,
        role,
        goal,
        author_key,
        count(likes) > 0 as has_likes,
        count(replies) > 0 as has_replies,
        count(reposts) > 0 as has_reposts
    from answered
    where author_key is not null
    group by platform, role, goal, author_key
),

authors as (
    select
        coalesce(platform, 'all') as platform,
        coalesce(role, 'all') as role,
        goal,
        count(*) filter (where has_likes) as authors_of_likes,
        count(*) filter (where has_replies) as authors_of_replies,
        count(*) filter (where has_reposts) as authors_of_reposts
    from tellers
    group by grouping sets ((platform, role, goal), (platform, goal), (role, goal), (goal))
),

grouped as (
    select
        coalesce(platform, 'all') as platform,
        coalesce(role, 'all') as role,
        goal,
        count(likes) as posts_of_likes,
        median(likes) as median_likes,
        avg(likes) as mean_likes,
        count(replies) as posts_of_replies,
        median(replies) as median_replies,
        avg(replies) as mean_replies,
        count(reposts) as posts_of_reposts,
        median(reposts) as median_reposts,
        avg(reposts) as mean_reposts
    from answered
    group by grouping sets ((platform, role, goal), (platform, goal), (role, goal), (goal))
),

told as (
    select
        platform,
        role,
        goal,
        unnest(['likes', 'replies', 'reposts']) as reaction,
        unnest([posts_of_likes, posts_of_replies, posts_of_reposts]) as count_posts,
        coalesce(unnest([authors_of_likes, authors_of_replies, authors_of_reposts]), 0) as count_authors,
        unnest([median_likes, median_replies, median_reposts]) as median_count,
        unnest([mean_likes, mean_replies, mean_reposts]) as mean_count
    from grouped
    left join authors using (platform, role, goal)
),

judged as (
    select
        *,
        case
            when count_authors < core.setting('minimum_authors') then 'too few authors'
            when count_posts < core.setting('minimum_posts') then 'too few posts'
        end as withheld
    from told
    where count_posts > 0
)

select
    platform,
    role,
    goal,
    reaction,
    count_posts,
    count_authors,
    case when withheld is null then median_count end as median_count,
    case when withheld is null then mean_count end as mean_count,
    withheld
from judged
