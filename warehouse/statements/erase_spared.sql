-- Words that are no person's name though an account that goes has them for its own: $labels of the codebook, and what the panel
-- or two other accounts have for their employer, otherwise than by its handle. Not $organisations (name keys), which are themselves
-- to go.
create or replace temp table spared as
with employers as (
    select organisation as name from panel
    union
    select annotations.employer as name
    from annotations
    join posts using (platform, post_id)
    anti join leaving using (platform, author_id)
    anti join unsaid_employers as unsaid
        on
            unsaid.platform = annotations.platform
            and unsaid.post_id = annotations.post_id
            and unsaid.employer = annotations.employer
    where annotations.employer is not null
    group by annotations.employer
    having count(distinct posts.author_key) >= 2
)

select distinct trim(regexp_replace(plain(name), '\s+', ' ', 'g')) as needle
from employers
where name_key(name) is not null and not list_contains($organisations, name_key(name))
union
select unnest($labels::varchar[]) as needle
