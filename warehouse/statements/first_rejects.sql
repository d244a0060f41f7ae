-- Why the first items were set aside of what a run has stored. $most: how many are told.
select rejects.reason
from rejects
semi join (select page_id from pages where run_id = $run_id) as mine using (page_id)
order by rejects.page_id, rejects.item
limit $most
