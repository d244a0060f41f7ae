-- Grain: one row per annotated post: the last annotation made, and a person's correction of it where there is one.
-- What the model itself said stays beside it: the audit measures the model, not those who mended it.
create or replace temp table annotated as
with repeated as (
    -- Nearly every post has one annotation: only where there are more are they put in order.
    select platform, post_id
    from vault.annotations
    group by all
    having count(*) > 1
),

superseded as (
    select annotations.rowid as row_number
    from vault.annotations
    semi join repeated using (platform, post_id)
    qualify row_number() over (
        partition by annotations.platform, annotations.post_id
        order by annotations.annotated_at desc, annotations.model_version desc
    ) > 1
),

newest as (
    select
        posts.post_key,
        posts.author_key,
        posts.created_at,
        annotations.* exclude (platform, post_id, text_hash, role_evidence)
    from vault.annotations
    join vault.posts using (platform, post_id)
    where annotations.rowid not in (select row_number from superseded)
)

select
    newest.* replace (
        coalesce(corrections.purpose, newest.purpose) as purpose,
        if(corrections.goal is null, newest.purpose_p, 1) as purpose_p,
        coalesce(corrections.goal, newest.goal) as goal,
        if(corrections.goal is null, newest.goal_p, 1) as goal_p,
        coalesce(corrections.themes, newest.themes) as themes,
        if(corrections.themes is null, newest.themes_p, list_transform(corrections.themes, lambda theme: 1.0)) as themes_p,
        newest.needs_review and corrections.goal is null as needs_review
    ),
    corrections.goal is not null as is_corrected,
    newest.purpose as model_purpose,
    newest.goal as model_goal,
    newest.goal_p as model_goal_p,
    newest.themes as model_themes
from newest
left join corrections on corrections.post_key = newest.post_key
