-- Grain: one row per annotator, with the key that stands for them in the published file.
-- $annotators: list of (annotator, annotator_key).
create or replace temp table annotators as
select given.annotator, given.annotator_key
from (
    select unnest($annotators::struct(annotator varchar, annotator_key varchar)[], recursive := true)
) as given
