-- Grain: one row per platform, role and goal, over everything collected: what the audience answers to.
-- An author has one platform and one role, so different authors may be counted once and added up.
-- Posts of every goal are the goals' shares: where mart.goal_mix withholds those, they are not counted here either. Nor do
-- figures stand here then: a mean is a fraction with the number of posts under it.
create table mart.engagement as
with authors as (
    select
        platform,
        role,
        goal,
        author_key,
        count(*) as count_posts
    from core.posts
    where is_counted
    group by platform, role, goal, author_key
),

grouped as (
    select
        coalesce(platform, 'all') as platform,
        coalesce(role, 'all') as role,
        goal,
        sum(count_posts)::bigint as count_posts,
        count(author_key) as count_authors
    from authors
    group by grouping sets ((platform, role, goal), (platform, goal), (role, goal), (goal))
),

reacted as (
    select
        platform,
        role,
        goal,
        any_value(median_count) filter (where reaction = 'likes') as median_likes,
        any_value(mean_count) filter (where reaction = 'likes') as mean_likes,
        any_value(median_count) filter (where reaction = 'replies') as median_replies,
        any_value(mean_count) filter (where reaction = 'replies') as mean_replies,
        any_value(median_count) filter (where reaction = 'reposts') as median_reposts,
        any_value(mean_count) filter (where reaction = 'reposts') as mean_reposts,
        -- Of the row as a whole only when no figure is left; else a null figure says it by itself.
        case when bool_and(withheld is not null) then first(withheld order by reaction) end as withheld
    from reactions
    group by platform, role, goal
)

select
    grouped.platform,
    grouped.role,
    grouped.goal,
    case when mix.withheld is null then grouped.count_posts end as count_posts,
    case when mix.withheld is null then grouped.count_authors end as count_authors,
    reacted.median_likes,
    reacted.mean_likes,
    reacted.median_replies,
    reacted.mean_replies,
    reacted.median_reposts,
    reacted.mean_reposts,
    covered.share_covered,
    case
        when mix.withheld is not null then mix.withheld
        when grouped.count_authors < core.setting('minimum_authors') then 'too few authors'
        when grouped.count_posts < core.setting('minimum_posts') then 'too few posts'
        else reacted.withheld
    end as withheld
from grouped
join core.estimates as mix
    on mix.period_kind = 'all'
    and mix.dimension = 'goal'
    and mix.label = grouped.goal
    and mix.platform = grouped.platform
    and mix.role = grouped.role
left join reacted
    on reacted.platform = grouped.platform
    and reacted.role = grouped.role
    and reacted.goal = grouped.goal
    and mix.withheld is null
left join core.covered as covered
    on covered.period_kind = 'all'
    and covered.platform = grouped.platform
order by grouped.platform, grouped.role, grouped.goal;

comment on table mart.engagement is 'One row per platform, role and goal: what the audience answers to. Estimand: likes, replies and reposts per Dutch post (bare reposts left out), at the newest look.';
comment on column mart.engagement.platform is 'A platform, or all; counts of different platforms are not alike.';
comment on column mart.engagement.role is 'The authors'' role, or all.';
comment on column mart.engagement.goal is 'The goal of the posts.';
comment on column mart.engagement.count_posts is 'Dutch posts, bare reposts left out; null where mart.goal_mix withholds the shares of these goals.';
comment on column mart.engagement.count_authors is 'Different known authors; null likewise.';
comment on column mart.engagement.median_likes is 'Median likes of the posts whose platform tells them; null when too few posts or authors have them.';
comment on column mart.engagement.mean_likes is 'Mean likes of those.';
comment on column mart.engagement.median_replies is 'Median replies, likewise.';
comment on column mart.engagement.mean_replies is 'Mean replies.';
comment on column mart.engagement.median_reposts is 'Median reposts, likewise.';
comment on column mart.engagement.mean_reposts is 'Mean reposts.';
comment on column mart.engagement.share_covered is 'Share of the planned collecting in these months that was done; a dip here explains a dip in posts.';
comment on column mart.engagement.withheld is 'Why all figures are withheld (that of mart.goal_mix, over everything, goes first), or null.';
