-- Items that could not be mapped. $rejects: list of (page_id, item, reason, raw).
insert into rejects
select aside.page_id, aside.item, aside.reason, aside.raw, now() as rejected_at
from (
    select unnest(
        $rejects::struct(page_id bigint, item integer, reason varchar, raw varchar)[],
        recursive := true
    )
) as aside
