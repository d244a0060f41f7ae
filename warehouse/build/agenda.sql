-- Not published: one row per organisation and quarter in which its HR people posted, before anything is withheld.
create or replace temp table agenda as
with posted as (
    select
        posts.organisation_key,
        date_trunc('quarter', posts.created_month)::date as quarter,
        posts.author_key,
        posts.purpose,
        posts.goal
    from core.posts as posts
    where
        posts.is_dutch
        and posts.role = 'hr'
        and posts.organisation_key is not null
),

counted as (
    select
        organisation_key,
        quarter,
        count(*) as count_posts,
        count(distinct author_key) as count_authors,
        count(*) filter (where purpose = 'organisational') as count_serving,
        coalesce(list_sort(list(distinct goal) filter (where purpose = 'organisational')), []) as goals
    from posted
    group by organisation_key, quarter
)

select
    counted.*,
    count_serving / count_posts as share_serving,
    case
        when
            count_serving >= core.setting('agenda_posts')
            and count_serving / count_posts >= core.setting('agenda_share')
            then 'on_agenda'
        when count_serving >= core.setting('talked_posts') then 'talked_about'
        else 'absent'
    end as class
from counted;
