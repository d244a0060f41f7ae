-- The batch without doubles, without what was erased, each post with what will happen to it.
-- Of one post seen twice the newest version stands, and of one version the newest look; the merge of two equal keys would
-- keep the first without a word.
create or replace temp table batch as
with seen_twice as (
    select platform, post_id
    from incoming_posts
    group by all
    having count(*) > 1
),

newest as (  -- nearly all are seen once, and need not be put in order
    select *
    from incoming_posts
    anti join seen_twice using (platform, post_id)
    union all
    select *
    from incoming_posts
    semi join seen_twice using (platform, post_id)
    qualify row_number() over (partition by platform, post_id order by edited_at desc nulls last, collected_at desc) = 1
),

judged as (
    select
        newest.*,
        held.collected_at as held_at,
        -- Which version is the newer its edit tells: an archive may be read long after it was written.
        -- An edit dated after it was read was dated by a clock that ran ahead: it may not outdo those of years.
        held.edited_at <= held.collected_at + interval 1 day
        and coalesce(newest.edited_at < held.edited_at, newest.created_at < held.edited_at) as is_older_version,
        coalesce(newest.edited_at > held.edited_at, newest.edited_at > held.created_at, false) as is_newer_version,
        -- Nothing is made after it was read: a date of later is that of an edit, and so is that edit's when it comes back.
        newest.created_at > greatest(held.created_at, held.collected_at)
        or newest.created_at = held.edited_at as is_dated_by_edit,
        row(held.text, held.author_id)
        is distinct from row(newest.text, coalesce(newest.author_id, held.author_id)) as is_reworded,
        row(
            held.text, held.edited_at, held.author_key, held.url, held.kind, held.parent_id,
            held.likes, held.replies, held.reposts, held.quotes, held.views
        ) is distinct from row(
            newest.text,
            coalesce(newest.edited_at, held.edited_at),
            coalesce(newest.author_key, held.author_key),
            coalesce(newest.url, held.url),
            newest.kind,
            coalesce(newest.parent_id, held.parent_id),
            coalesce(newest.likes, held.likes),
            coalesce(newest.replies, held.replies),
            coalesce(newest.reposts, held.reposts),
            coalesce(newest.quotes, held.quotes),
            coalesce(newest.views, held.views)
        ) as is_changed,
        row(held.likes, held.replies, held.reposts, held.quotes, held.views) is distinct from row(
            coalesce(newest.likes, held.likes),
            coalesce(newest.replies, held.replies),
            coalesce(newest.reposts, held.reposts),
            coalesce(newest.quotes, held.quotes),
            coalesce(newest.views, held.views)
        ) as is_counted
    from newest
    left join posts as held using (platform, post_id)
)

select
    judged.*,
    case
        when
            judged.post_key in (select key from tombstones where kind = 'post')
            or judged.author_key in (select key from tombstones where kind = 'author')
            or (judged.kind = 'repost' and judged.parent_key in (select key from tombstones where kind = 'post'))
            then 'erased'
        when judged.created_at > judged.collected_at + interval 1 day then 'future'
        when judged.held_at is null then 'insert'
        when judged.is_older_version or not judged.is_changed then 'unchanged'
        -- A look dated ahead was dated by a clock that ran ahead: it may not outdo the looks of a year.
        when judged.is_newer_version or judged.collected_at >= judged.held_at or judged.held_at > now() + interval 1 day
            then 'update'
        else 'unchanged'
    end as change
from judged
