-- Grain: one row.
select
    count(*) as posts,
    count(*) filter (where is_dutch) as dutch_posts,
    count(*) filter (where is_annotated) as annotated_posts,
    count(*) filter (where is_counted and role = 'hr') as hr_posts,
    min(created_at)::date as oldest,
    max(created_at)::date as newest
from core.posts
