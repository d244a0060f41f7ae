-- Temp table incoming_labels: each given label with what will become of it: new, known, or why it is refused.
-- $labels: list of what people answered (kind, question_hash and labelled_at may be null); $codebook_version: ours.
create or replace temp table incoming_labels as
with given as (
    select unnest(
        $labels::struct(
            number integer, post_key varchar, annotator varchar, kind varchar, codebook_version varchar, question_hash varchar,
            purpose varchar, goal varchar, themes varchar[], labelled_at timestamptz
        )[],
        max_depth := 2
    )
),

placed as (
    select
        given.* exclude (kind, question_hash),
        given.labelled_at is not null as is_dated,
        posts.post_key is not null as is_here,
        given.post_key in (select post_key from audit_posts) as is_drawn,
        left(sha256(salt || chr(31) || posts.text || chr(31) || given.codebook_version), 16) as present_hash,
        given.question_hash,
        given.kind
    from given
    cross join label_salt
    left join posts using (post_key)
),

completed as (
    select
        placed.* replace (
            coalesce(question_hash, present_hash) as question_hash,
            coalesce(kind, if(is_drawn, 'audit', 'correction')) as kind,
            coalesce(labelled_at, now()) as labelled_at
        )
    from placed
),

named as (
    select
        completed.*,
        left(sha256(concat_ws(
            chr(31), post_key, annotator, kind, codebook_version, goal,
            coalesce(array_to_string(themes, ','), '-'), coalesce(question_hash, '')
        )), 32) as label_id
    from completed
)

select
    named.*,
    case
        when post_key in (select key from tombstones where kind = 'post') then 'the post was erased'
        when not is_here then 'unknown post'
        when label_id in (select label_id from labels) then 'known'
        when codebook_version <> $codebook_version then 'made with another codebook'
        when question_hash <> present_hash then 'the post was edited since'
        when kind = 'audit' and not is_drawn then 'not in the audit sample'
        when
            kind = 'adjudication'
            and post_key not in (select post_key from labels where kind = 'audit')
            and post_key not in (select post_key from named where kind = 'audit')
            then 'nothing to adjudicate: nobody labelled it for the audit'
        else 'new'
    end as fate
from named
