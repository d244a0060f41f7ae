-- A window counts the pages that are stored for it.
select windows.source, windows.query, windows.since, windows.until
from vault.windows
left join vault.pages using (source, query, since, until)
group by windows.source, windows.query, windows.since, windows.until, windows.count_pages
having count(pages.page_id) <> windows.count_pages
