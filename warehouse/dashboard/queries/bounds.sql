-- Grain: one row: the first and last day of the Dutch posts, and their platforms and roles.
select
    min(created_at)::date as first_day,
    max(created_at)::date as last_day,
    list(distinct platform order by platform) as platforms,
    list(distinct role order by role) as roles
from core.posts
where is_counted
