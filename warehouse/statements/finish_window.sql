-- Closes a window, or sets it aside with a reason; the position stays for the next run. One that was read to its end
-- stays closed: it has no position any more, and opened again it would be read, and paid for, from its beginning.
update windows
set state = $state, reason = $reason, updated_at = now()
where
    source = $source and query = $query and since = $since and until = $until
    and state not in ('complete', 'capped')
