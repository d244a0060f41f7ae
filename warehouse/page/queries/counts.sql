-- Grain: one row; the days in Dutch local time.
select
    count(*) as posts,
    count(*) filter (where is_dutch) as dutch_posts,
    count(*) filter (where is_annotated) as annotated_posts,
    count(*) filter (where is_counted and role = 'hr') as hr_posts,
    (min(created_at) at time zone 'Europe/Amsterdam')::date as oldest,
    (max(created_at) at time zone 'Europe/Amsterdam')::date as newest
from core.posts
