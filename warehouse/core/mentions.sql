-- Grain: one row per post and thing mentioned: a hashtag that enough different authors use, or an organisation that enough
-- of one role and platform name, for it may be their employer.
create table core.mentions as
with mentioned as (
    select
        post_key,
        author_key,
        'hashtag' as kind,
        unnest(list_distinct(list_transform(hashtags, lambda hashtag: lower(hashtag)))) as mention,
        'all' as peers
    from annotated
    union all
    select
        annotated.post_key,
        annotated.author_key,
        'organisation' as kind,
        unnest(list_distinct(annotated.organisations)) as mention,
        posts.platform || chr(31) || posts.role as peers
    from annotated
    join core.posts as posts using (post_key)
),

common as (
    select kind, mention, peers
    from mentioned
    group by all
    having count(distinct author_key) >= core.setting('minimum_authors')
)

select
    mentioned.post_key,
    mentioned.kind,
    mentioned.mention
from mentioned
semi join common using (kind, mention, peers);

comment on table core.mentions is 'One row per post and thing mentioned. What fewer than five authors mention is left out, for it may be a person; and an organisation that fewer than five of the same role and platform do, for it may be where they work.';
comment on column core.mentions.post_key is 'The post.';
comment on column core.mentions.kind is 'hashtag or organisation.';
comment on column core.mentions.mention is 'What is mentioned; hashtags in lower case and without #.';
