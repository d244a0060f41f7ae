-- Grain: one row per post whose published text the present model has turned into a vector.
-- A vector is a function of the published text and of a model that ships with Etalage: it tells nothing that the text
-- does not (docs/decisions/0014-similar-posts.md). So a post has none when its text is not published, was edited since,
-- or had a name masked only now.
create table core.vectors as
select
    posts.post_key,
    vectors.signs::bit as signs
from vault.vectors
join vault.posts using (post_key)
anti join masked_names using (post_key)
where
    getvariable('shown_text') <> 'none'
    and vectors.model_version = (select max_by(model_version, annotated_at) from annotated)
    and vectors.text_mark = md5_number_lower(posts.masked_text);

comment on table core.vectors is 'One row per post that others can be compared with: etalage similar KEY, or from core.similar(''KEY'').';
comment on column core.vectors.post_key is 'The post.';
comment on column core.vectors.signs is 'The sign of each number of the encoder''s vector of the published text: posts that say alike differ in few.';

create macro core.similar(asked, count_rows := 10) as table
with one as (
    select signs from core.vectors where post_key = asked
),

near as (
    select
        vectors.post_key,
        1 - bit_count(xor(vectors.signs, one.signs)) / bit_length(one.signs) as similarity
    from core.vectors as vectors
    cross join one
    where vectors.post_key <> asked
    order by similarity desc, vectors.post_key
    limit count_rows
)

select
    near.similarity,
    posts.post_key,
    posts.platform,
    posts.created_at,
    posts.role,
    posts.purpose,
    posts.goal,
    posts.text
from near
join core.posts as posts using (post_key)
order by near.similarity desc, posts.post_key;
