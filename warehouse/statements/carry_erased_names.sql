-- Names that were taken out of texts of another vault: their posts may come in again. rows_given: as `erased_names`.
insert into erased_names
select platform, post_id, name_key, length from rows_given
except
select platform, post_id, name_key, length from erased_names
