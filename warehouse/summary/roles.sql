-- Grain: one row per role.
select
    role,
    count(*) as authors,
    sum(count_posts)::bigint as posts
from core.authors
group by role
order by authors desc, role
