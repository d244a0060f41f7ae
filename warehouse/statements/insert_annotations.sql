-- Annotations of posts that wait for them: of this text, by this model. The last reading of a post counts, so it is later
-- than one that is dated ahead, by a clock that ran ahead.
insert into annotations by name
with ahead as (
    select platform, post_id, max(annotated_at) as annotated_at
    from annotations
    where annotated_at > now()
    group by all
)

select
    incoming.*,
    greatest(now(), ahead.annotated_at + interval 1 microsecond) as annotated_at
from unnamed_annotations as incoming
semi join unread using (platform, post_id, text_hash)
semi join reader using (model_version)
left join ahead using (platform, post_id)
