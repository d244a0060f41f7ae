-- A publishing that is dated ahead, by a clock that ran ahead, was before what is written now: its file may hold what is
-- erased now. Those that are dated ahead keep their order.
update publications
set published_at = now() - interval 1 millisecond - (ahead.latest - publications.published_at)
from (select max(published_at) as latest from publications) as ahead
where publications.published_at > now()
