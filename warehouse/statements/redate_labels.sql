-- Somebody who goes back to an earlier answer gives it again: it counts from its newest moment.
update labels
set labelled_at = incoming.labelled_at
from incoming_labels as incoming
where
    incoming.fate = 'known'
    and incoming.is_dated
    and incoming.label_id = labels.label_id
    and incoming.labelled_at > labels.labelled_at
