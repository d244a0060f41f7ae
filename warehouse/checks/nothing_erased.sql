-- Nothing that was erased is here.
select post_key from core.posts where post_key in (select key from vault.tombstones where kind = 'post')
union all
select author_key from core.authors where author_key in (select key from vault.tombstones where kind = 'author')
