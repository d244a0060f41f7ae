-- The labels of incoming_labels that are new, each once. Returns a row a label.
insert into labels by name
select
    label_id,
    post_key,
    question_hash,
    annotator,
    kind,
    codebook_version,
    purpose,
    goal,
    themes,
    labelled_at,
    now() as stored_at
from incoming_labels
where fate = 'new'
qualify row_number() over (partition by label_id order by labelled_at desc) = 1
returning label_id
