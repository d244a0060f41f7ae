-- Grain: one row per author with Dutch posts, by pseudonym.
create table mart.authors as
with counted as (
    select
        author_key,
        goal,
        any_value(platform) as platform,
        any_value(role) as role,
        any_value(purpose) as purpose,
        count(*) as count_posts
    from core.posts
    where is_counted and author_key is not null
    group by author_key, goal
),

months as (
    select author_key, count(distinct created_month) as count_months
    from core.posts
    where is_counted and author_key is not null
    group by author_key
)

select
    counted.author_key,
    any_value(counted.platform) as platform,
    any_value(counted.role) as role,
    sum(counted.count_posts)::bigint as count_posts,
    any_value(months.count_months) as count_months,
    coalesce(sum(counted.count_posts) filter (where counted.purpose = 'organisational'), 0)
    / sum(counted.count_posts) as share_organisational,
    coalesce(sum(counted.count_posts) filter (where counted.purpose = 'personal'), 0)
    / sum(counted.count_posts) as share_personal,
    first(counted.goal order by counted.count_posts desc, counted.goal) as main_goal
from counted
join months using (author_key)
group by counted.author_key
order by counted.author_key;

comment on table mart.authors is 'One row per author with Dutch posts: no name, no employer. For looking at the spread between authors, not at one of them.';
comment on column mart.authors.author_key is 'Pseudonym (core.authors).';
comment on column mart.authors.platform is 'Platform of the account.';
comment on column mart.authors.role is 'hr, marketing, other or unknown.';
comment on column mart.authors.count_posts is 'Dutch posts, bare reposts left out.';
comment on column mart.authors.count_months is 'Months with at least one.';
comment on column mart.authors.share_organisational is 'Estimand: share of this author''s posts that serve the organisation. Naive.';
comment on column mart.authors.share_personal is 'Estimand: share of this author''s posts that serve the author. Naive.';
comment on column mart.authors.main_goal is 'The goal most of them serve; of two that as many serve, the first by name.';
