-- Posts of the batch, and of its authors, that say something else than before: what is new is among them.
-- After the batch is judged and before anything is merged.
create or replace temp table reworded as
with changed_bios as (
    select platform, author_id
    from seen
    where change = 'update' and is_other_bio
)

select platform, post_id
from batch
where change = 'insert' or (change = 'update' and is_reworded)
union
select posts.platform, posts.post_id
from posts
where (posts.platform, posts.author_id) in (select (platform, author_id) from changed_bios)
