-- Grain: one row: the first and last day of the Dutch posts in Dutch local time, and their platforms and roles.
select
    (min(created_at) at time zone 'Europe/Amsterdam')::date as first_day,
    (max(created_at) at time zone 'Europe/Amsterdam')::date as last_day,
    list(distinct platform order by platform) as platforms,
    list(distinct role order by role) as roles
from core.posts
where is_counted
