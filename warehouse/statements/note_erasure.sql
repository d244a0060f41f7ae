-- One erasure, as of now. $is_compacted: nothing of it has to leave the vault's own file.
insert into erasures (erased_at, scope, reason, count_posts, count_authors, count_pages, compacted_at)
values (now(), $scope, $reason, $posts, $authors, $pages, case when $is_compacted then now() end)
