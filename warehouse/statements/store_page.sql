-- One raw page, not yet mapped. Returns its page_id.
insert into pages (
    page_id, source, query, since, until, format, payload, ending, position, reached, fetched_at, run_id
)
values (
    nextval('page_ids'),
    $source, $query, $since, $until, $format, $payload, $ending, $position, $reached, $fetched_at, $run_id
)
returning page_id
