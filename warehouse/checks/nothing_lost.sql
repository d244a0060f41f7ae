-- There are no fewer posts than at the last publishing, but for erased ones.
select last.count_posts
from (select * from vault.publications order by published_at desc limit 1) as last
where
    (select count(*) from core.posts) < last.count_posts
    and not exists (select * from vault.tombstones where erased_at > last.published_at)
