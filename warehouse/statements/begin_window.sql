-- Takes a window up again where it was left. Returns the position.
update windows
set state = 'running', reason = null, attempts = attempts + 1, run_id = $run_id, updated_at = now()
where source = $source and query = $query and since = $since and until = $until
returning position
