-- Authors whose bio says HR, by the last annotation of each, with what that rests on and by which queries they came.
with newest as (
    select posts.platform, posts.author_id, annotations.role, annotations.role_evidence, annotations.employer
    from annotations
    inner join posts using (platform, post_id)
    where posts.author_id is not null
    qualify row_number() over (
        partition by posts.platform, posts.author_id order by annotations.annotated_at desc, posts.created_at desc
    ) = 1
),

heard as (
    select
        platform,
        author_id,
        list(distinct query order by query) as queries,
        count(*) as count_posts,
        arg_max(url, created_at) as example
    from posts
    where author_id is not null and source <> 'sample'
    group by platform, author_id
)

select
    authors.platform,
    authors.author_id,
    case when authors.platform = 'feed' then authors.author_id else authors.handle end as handle,
    authors.bio,
    newest.role_evidence,
    newest.employer,
    heard.queries,
    heard.count_posts,
    heard.example
from authors
inner join newest using (platform, author_id)
inner join heard using (platform, author_id)
where newest.role = 'hr' and authors.bio is not null and authors.handle is not null and authors.platform <> 'linkedin'
order by heard.count_posts desc, authors.platform, authors.author_id
