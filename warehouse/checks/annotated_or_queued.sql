-- A post is annotated, or counted in ops.about as waiting to be, and does wait to be. Until a model has asked what waits
-- (warehouse/annotations.py, wait_for), that of an older vault is not entered yet: it is after an update, or restored.
select 'count_pending' as offender
where
    (select count(*) from core.posts where not is_annotated)
    <> (select value::bigint from ops.about where name = 'count_pending')
union all
select posts.post_key as offender
from core.posts as posts
anti join vault.unread using (post_key)
where not posts.is_annotated and exists (from vault.reader)
