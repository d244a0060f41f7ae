-- Grain: one row per role of the authors of Dutch posts.
select
    authors.role,
    labels.dutch,
    count(*) as count_authors,
    sum(authors.count_posts)::bigint as count_posts
from mart.authors as authors
join core.labels as labels on labels.dimension = 'role' and labels.label = authors.role
group by authors.role, labels.dutch, labels.position
order by labels.position
