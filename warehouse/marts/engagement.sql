-- Grain: one row per platform, role and goal, over everything collected: what the audience answers to.
-- An author has one platform and one role, so different authors may be counted once and added up.
create table mart.engagement as
with answered as (
    select platform, role, goal, author_key, likes, replies, reposts
    from core.posts
    where is_counted
),

authors as (
    select
        coalesce(platform, 'all') as platform,
        coalesce(role, 'all') as role,
        goal,
        count(author_key) as count_authors
    from (select distinct platform, role, goal, author_key from answered)
    group by grouping sets ((platform, role, goal), (platform, goal), (role, goal), (goal))
),

grouped as (
    select
        coalesce(platform, 'all') as platform,
        coalesce(role, 'all') as role,
        goal,
        count(*) as count_posts,
        median(likes) as median_likes,
        avg(likes) as mean_likes,
        median(replies) as median_replies,
        avg(replies) as mean_replies,
        median(reposts) as median_reposts,
        avg(reposts) as mean_reposts
    from answered
    group by grouping sets ((platform, role, goal), (platform, goal), (role, goal), (goal))
),

judged as (
    select
        grouped.*,
        authors.count_authors,
        case
            when authors.count_authors < core.setting('minimum_authors') then 'too few authors'
            when count_posts < core.setting('minimum_posts') then 'too few posts'
        end as withheld
    from grouped
    join authors using (platform, role, goal)
)

select
    platform,
    role,
    goal,
    count_posts,
    count_authors,
    case when withheld is null then median_likes end as median_likes,
    case when withheld is null then mean_likes end as mean_likes,
    case when withheld is null then median_replies end as median_replies,
    case when withheld is null then mean_replies end as mean_replies,
    case when withheld is null then median_reposts end as median_reposts,
    case when withheld is null then mean_reposts end as mean_reposts,
    withheld
from judged
order by platform, role, goal;

comment on table mart.engagement is 'One row per platform, role and goal: what the audience answers to. Estimand: likes, replies and reposts per Dutch post (bare reposts left out), at the newest look.';
comment on column mart.engagement.platform is 'A platform, or all; counts of different platforms are not alike.';
comment on column mart.engagement.role is 'The authors'' role, or all.';
comment on column mart.engagement.goal is 'The goal of the posts.';
comment on column mart.engagement.count_posts is 'Dutch posts, bare reposts left out.';
comment on column mart.engagement.count_authors is 'Different known authors.';
comment on column mart.engagement.median_likes is 'Median likes of the posts whose platform tells them.';
comment on column mart.engagement.mean_likes is 'Mean likes of those.';
comment on column mart.engagement.median_replies is 'Median replies.';
comment on column mart.engagement.mean_replies is 'Mean replies.';
comment on column mart.engagement.median_reposts is 'Median reposts.';
comment on column mart.engagement.mean_reposts is 'Mean reposts.';
comment on column mart.engagement.withheld is 'Why the figures are withheld, or null.';
