-- Closes a window, or sets it aside with a reason; the position stays for the next run.
update windows
set state = $state, reason = $reason, updated_at = now()
where source = $source and query = $query and since = $since and until = $until
