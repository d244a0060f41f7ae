-- Somebody who goes back to an earlier answer gives it again: it counts from its newest moment.
update labels
set labelled_at = incoming.labelled_at
from (
    select label_id, max(labelled_at) as labelled_at
    from incoming_labels
    where fate = 'known' and is_dated
    group by label_id
) as incoming
where
    incoming.label_id = labels.label_id
    and incoming.labelled_at > labels.labelled_at
