-- The draw itself, with the moment and the model of the file that it drew from.
insert into audit_draws by name
select
    $draw_id as draw_id,
    $now as drawn_at,
    (select value::timestamptz from frame.ops.about where name = 'published_at') as frame_at,
    $seed as seed,
    $asked as asked,
    $population as population,
    (select value from frame.ops.about where name = 'model_version') as model_version
