-- What was read waits no longer.
delete from unread
using unnamed_annotations as known
where
    known.platform = unread.platform
    and known.post_id = unread.post_id
    and known.text_hash = unread.text_hash
    and known.model_version in (select model_version from reader)
