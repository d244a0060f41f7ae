-- A page without what may no longer be kept.
update pages
set payload = $payload
where page_id = $page_id
