-- Posts on which annotators differ, with their answers.
select
    audit.post_key,
    'adjudication' as kind,
    posts.platform,
    posts.created_at,
    posts.text,
    audit.question_hash,
    (
        select list({'goal': answers.goal, 'themes': answers.themes} order by answers.annotator_key)
        from ops.audit_answers as answers
        where answers.post_key = audit.post_key and answers.kind = 'audit'
    ) as answers
from ops.audit as audit
join core.posts as posts using (post_key)
where audit.state = 'disputed'
order by audit.draw_id, audit.position
