-- A post is annotated, or counted in ops.about as waiting to be.
select 'count_pending' as fact
where
    (select count(*) from core.posts where not is_annotated)
    <> (select value::bigint from ops.about where name = 'count_pending')
