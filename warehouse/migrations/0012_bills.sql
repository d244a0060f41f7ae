-- A read knows its run and its price: prices change, pages may be deleted, and some reads come with no page
-- (page_id 0: counts, accounts looked up).

alter table reads add column run_id varchar;
alter table reads add column price double;

update reads
set run_id = pages.run_id
from pages
where pages.page_id = reads.page_id;
