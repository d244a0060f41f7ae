-- Grain: one row per post and thing mentioned: a hashtag or an organisation that enough different authors mention.
create table core.mentions as
with mentioned as (
    select
        post_key,
        author_key,
        'hashtag' as kind,
        unnest(list_distinct(list_transform(hashtags, lambda hashtag: lower(hashtag)))) as mention
    from annotated
    union all
    select post_key, author_key, 'organisation' as kind, unnest(list_distinct(organisations)) as mention from annotated
),

common as (
    select kind, mention
    from mentioned
    group by all
    having count(distinct author_key) >= core.setting('minimum_authors')
)

select
    mentioned.post_key,
    mentioned.kind,
    mentioned.mention
from mentioned
semi join common using (kind, mention);

comment on table core.mentions is 'One row per post and thing mentioned. What fewer than five authors mention is left out: it may be a person.';
comment on column core.mentions.post_key is 'The post.';
comment on column core.mentions.kind is 'hashtag or organisation.';
comment on column core.mentions.mention is 'What is mentioned; hashtags in lower case and without #.';
