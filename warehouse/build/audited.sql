-- Grain: one row per Dutch post of the audit sample that people labelled, with its chance to be drawn and labelled.
-- A post had a chance in every draw that it could have been in: those made after it was first read.
create or replace temp table audited as
with drawn as (
    select
        audit_posts.draw_id,
        audit_posts.inclusion_p,
        posts.post_key,
        posts.author_key,
        posts.platform,
        posts.role,
        posts.created_month
    from vault.audit_posts
    join core.posts as posts using (post_key)
    where posts.is_counted
),

first_read as (
    select
        posts.post_key,
        date_trunc('second', min(annotations.annotated_at)) as read_at
    from vault.annotations
    join vault.posts using (platform, post_id)
    where posts.post_key in (select post_key from drawn)
    group by posts.post_key
),

answered as (
    select
        post_key,
        count(*) as count_answers,
        count(themes) as count_themes_answers
    from answers
    where is_final
    group by post_key
),

-- A draw is asked about in random order, so when half is answered each of its posts had half the chance to be.
progress as (
    select
        drawn.draw_id,
        count(answered.post_key) / count(*) as share_answered
    from drawn
    left join answered using (post_key)
    group by drawn.draw_id
),

rates as (
    select
        drawn.post_key,
        draws.draw_id,
        draws.drawn_at,
        case
            when draws.draw_id = drawn.draw_id then drawn.inclusion_p
            when first_read.read_at <= draws.frame_at then coalesce(strata.rate, 0)
            else 0
        end as rate
    from drawn
    join first_read using (post_key)
    cross join vault.audit_draws as draws
    left join vault.audit_strata as strata
        on strata.draw_id = draws.draw_id
        and strata.platform = drawn.platform
        and strata.created_month = drawn.created_month
),

-- No draw takes what an earlier one took.
draw_chances as (
    select
        post_key,
        draw_id,
        rate * coalesce(product(1 - rate) over earlier, 1) as chance
    from rates
    window earlier as (
        partition by post_key order by drawn_at, draw_id rows between unbounded preceding and 1 preceding
    )
),

chances as (
    select
        draw_chances.post_key,
        sum(draw_chances.chance * progress.share_answered) as inclusion_p
    from draw_chances
    join progress using (draw_id)
    group by draw_chances.post_key
)

select
    drawn.post_key,
    coalesce(drawn.author_key, drawn.post_key) as cluster_key,
    drawn.author_key is not null as is_known,
    drawn.platform,
    drawn.role,
    drawn.created_month,
    chances.inclusion_p,
    answered.count_answers,
    answered.count_themes_answers
from drawn
join chances using (post_key)
join answered using (post_key)
order by drawn.post_key
