-- Every page of an imported file says how that is called: those of the files of $pages say it no more, also where a page
-- holds nothing of who goes. A page begins with it, as `connectors/files` writes them.
update pages
set payload = regexp_replace(payload, '^\{"file": "(?:[^"\\]|\\.)*"', '{"file": ""')
where
    format in ('twarc/lines', 'reddit/archive', 'table/rows')
    and (source, query) in (
        select (cut.source, cut.query)
        from pages as cut
        where cut.page_id in (select unnest($pages::bigint[]))
    )
    and not starts_with(payload, '{"file": ""')
