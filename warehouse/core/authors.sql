-- Grain: one row per author, by pseudonym.
create table core.authors as
with activity as (
    select
        author_key,
        count(*) as count_posts,
        min(created_at)::date as first_post_date,
        max(created_at)::date as last_post_date
    from vault.posts
    where author_key is not null
    group by author_key
)

select
    people.author_key,
    people.platform,
    people.role,
    core.coarse(people.role_p) as role_p,
    coalesce(activity.count_posts, 0) as count_posts,
    activity.first_post_date,
    activity.last_post_date
from people
left join activity using (author_key)
order by people.author_key;

comment on table core.authors is 'One row per author. No name, handle, bio, platform id or employer: a keyed hash that is the same every night.';
comment on column core.authors.author_key is 'Pseudonym: keyed hash of platform and account.';
comment on column core.authors.platform is 'Platform of the account; somebody with two accounts is two authors.';
comment on column core.authors.role is 'hr, marketing, other or unknown, as the panel says, else the newest bio.';
comment on column core.authors.role_p is 'Probability of the role (1 when the panel says it), rounded (ops.settings, probability_step), so that it does not lead to a bio.';
comment on column core.authors.count_posts is 'Posts in the vault, in any language.';
comment on column core.authors.first_post_date is 'UTC date of the oldest post.';
comment on column core.authors.last_post_date is 'UTC date of the newest post.';
