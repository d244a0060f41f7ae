-- Whether the vault's file has to be written anew: at once when a person asked, else by the sweep before something waits
-- half a day, for a large vault takes minutes and the sweep finds something every hour.
select count(*) as count_owed
from erasures
where
    compacted_at is null
    and (reason in ('asked', 'opt-out', 'restored') or erased_at < now() - interval 11 hours)
