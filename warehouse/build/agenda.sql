-- Not published: one row per organisation and quarter in which its HR people posted, before anything is withheld.
create or replace temp table agenda as
with staff as (
    -- Its HR people, with the quarters of their first and last post in any language: between those they could have posted.
    select
        organisations.organisation_key,
        people.author_key,
        people.person,
        date_trunc('quarter', min(posts.created_month))::date as first_quarter,
        date_trunc('quarter', max(posts.created_month))::date as last_quarter
    from people
    join vault.organisations using (name_key)
    join core.posts as posts using (author_key)
    where people.role = 'hr'
    group by all
),

posted as (
    select
        staff.organisation_key,
        date_trunc('quarter', posts.created_month)::date as quarter,
        staff.person,
        posts.purpose,
        posts.goal
    from core.posts as posts
    join staff using (author_key)
    where posts.is_counted
),

counted as (
    select
        organisation_key,
        quarter,
        count(*) as count_posts,
        count(distinct person) as count_authors,
        count(*) filter (where purpose = 'organisational') as count_serving
    from posted
    group by organisation_key, quarter
),

served as (
    -- A goal is a cell as any other: five people's.
    select organisation_key, quarter, list(goal order by goal) as goals
    from (
        select organisation_key, quarter, goal
        from posted
        where purpose = 'organisational'
        group by all
        having count(distinct person) >= core.setting('minimum_authors')
    ) as common
    group by organisation_key, quarter
),

possible as (
    select
        counted.organisation_key,
        counted.quarter,
        count(distinct staff.person) as count_possible_authors
    from counted
    join staff
        on staff.organisation_key = counted.organisation_key
        and counted.quarter between staff.first_quarter and staff.last_quarter
    group by counted.organisation_key, counted.quarter
)

select
    counted.*,
    coalesce(served.goals, []) as goals,
    possible.count_possible_authors,
    count_serving / count_posts as share_serving,
    case
        when
            count_serving >= core.setting('agenda_posts')
            and count_serving / count_posts >= core.setting('agenda_share')
            then 'on_agenda'
        when count_serving >= core.setting('talked_posts') then 'talked_about'
        else 'absent'
    end as class
from counted
join possible using (organisation_key, quarter)
left join served using (organisation_key, quarter)
