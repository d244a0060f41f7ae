-- The posts of the audit sample that still lack an answer, in the order of asking. Without the model's guess.
select
    audit.post_key,
    'audit' as kind,
    posts.platform,
    posts.text,
    audit.is_double,
    audit.question_hash,
    about.value as codebook_version
from ops.audit as audit
join core.posts as posts using (post_key)
cross join (select value from ops.about where name = 'codebook_version') as about
where audit.state = 'open'
order by audit.draw_id, audit.position
