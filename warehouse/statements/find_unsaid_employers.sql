-- Employers that were read in the handle of an account that goes ("HR bij @gem_waterbroek"), where the bio names them no
-- more, into `unsaid_employers` (platform, post_id, employer). After the bios have lost the handle.
create or replace temp table unsaid_employers as
with handles as (
    select joined(handle) as handle from naming where handle is not null
    union
    select joined(called(platform, handle)) as handle from naming where platform in ('mastodon', 'bluesky')
),

employers as (
    select distinct employer
    from annotations
    where employer is not null
),

called_so as (
    select employers.employer
    from employers
    join handles on handles.handle = joined(employers.employer)
)

select annotations.platform, annotations.post_id, annotations.employer
from annotations
semi join called_so using (employer)
join posts using (platform, post_id)
left join authors using (platform, author_id)
where not contains(joined(coalesce(authors.bio, '')), joined(annotations.employer))
