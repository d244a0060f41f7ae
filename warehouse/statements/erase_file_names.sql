-- What was set aside from an imported file says in which it stood, and a file is often called after its person: of the
-- files of $pages, from which something goes, the line alone is left. Before the pages lose the name themselves.
with cut as (
    select distinct source, query
    from pages
    where page_id in (select unnest($pages::bigint[]))
),

headings as (
    select page_id, split_part(payload, chr(10), 1) as heading
    from pages
    semi join cut using (source, query)
    where format in ('twarc/lines', 'reddit/archive', 'table/rows')
),

files as (
    select page_id, case when json_valid(heading) then json_extract_string(heading, '$.file') end as file
    from headings
)

update rejects
set reason = replace(rejects.reason, files.file || ' line ', 'line ')
from files
where rejects.page_id = files.page_id and files.file <> ''
