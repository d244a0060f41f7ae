-- Every label of the vault, the oldest first, with the text it is about; names in it are not masked.
select
    labels.post_key,
    labels.annotator,
    labels.kind,
    labels.codebook_version,
    labels.question_hash,
    labels.purpose,
    labels.goal,
    labels.themes,
    strftime(labels.labelled_at, '%Y-%m-%dT%H:%M:%S.%fZ') as labelled_at,
    posts.platform,
    posts.masked_text as text
from labels
join posts using (post_key)
order by labels.labelled_at, labels.label_id
