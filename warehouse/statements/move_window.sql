-- Moves a window's position behind a stored page, and closes the window with its last one: then there is none to go on from.
update windows
set
    state = case when $ending = 'more' then 'running' else $ending end,
    reason = null,
    position = case when $ending = 'more' then $position end,
    reached = coalesce($reached, reached),
    count_pages = count_pages + 1,
    run_id = $run_id,
    updated_at = now()
where source = $source and query = $query and since = $since and until = $until
