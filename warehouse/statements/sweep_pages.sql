-- Empties stored pages that are older than what they hold is kept. Beside the posts that the vault knows, which are
-- erased by themselves, a page holds what became none: hidden, malformed, passed over. Its position may hold an account's id.
-- $kept: list of (format, days, empty).
update pages
set payload = kept.empty, position = null
from (
    select unnest($kept::struct(format varchar, days bigint, empty varchar)[], recursive := true)
) as kept
where
    pages.format = kept.format
    and pages.source <> 'sample'
    and kept.days > 0
    and pages.fetched_at < $now - to_days(kept.days::integer + 1)
    and (pages.payload <> kept.empty or pages.position is not null)
returning pages.page_id
