-- Grain: one row per author with Dutch posts, by pseudonym.
create table mart.authors as
select
    author_key,
    any_value(platform) as platform,
    any_value(role) as role,
    count(*) as count_posts,
    count(distinct created_month) as count_months,
    count(*) filter (where purpose = 'organisational') / count(*) as share_organisational,
    count(*) filter (where purpose = 'personal') / count(*) as share_personal,
    mode(goal) as main_goal
from core.posts
where is_dutch and author_key is not null
group by author_key
order by author_key;

comment on table mart.authors is 'One row per author with Dutch posts: no name, no employer. For looking at the spread between authors, not at one of them.';
comment on column mart.authors.author_key is 'Pseudonym (core.authors).';
comment on column mart.authors.platform is 'Platform of the account.';
comment on column mart.authors.role is 'hr, marketing, other or unknown.';
comment on column mart.authors.count_posts is 'Dutch posts.';
comment on column mart.authors.count_months is 'Months with at least one.';
comment on column mart.authors.share_organisational is 'Estimand: share of this author''s posts that serve the organisation. Naive.';
comment on column mart.authors.share_personal is 'Estimand: share of this author''s posts that serve the author. Naive.';
comment on column mart.authors.main_goal is 'The goal most of them serve.';
