-- Fills core.labels. $labels: list of (dimension, label, dutch, purpose, position).
insert into core.labels
select given.dimension, given.label, given.dutch, given.purpose, given.position
from (
    select unnest(
        $labels::struct(dimension varchar, label varchar, dutch varchar, purpose varchar, position integer)[],
        recursive := true
    )
) as given
