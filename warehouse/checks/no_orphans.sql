-- What is said about a post or an author is about one that is there.
select post_key
from (
    select post_key from core.annotations
    union all
    select post_key from core.post_themes
    union all
    select post_key from core.mentions
    union all
    select post_key from core.metrics
)
anti join core.posts using (post_key)
union all
select author_key from core.posts anti join core.authors using (author_key) where author_key is not null
union all
select organisation_key from mart.organisation_agenda anti join core.organisations using (organisation_key)
where organisation_key is not null
