-- Grain: one row per post.
-- In the vault's own order: sorting a million texts costs more than it gives.
create table core.posts as
select
    posts.post_key,
    posts.platform,
    posts.author_key,
    coalesce(authors.role, annotated.role, 'unknown') as role,
    posts.kind,
    posts.parent_key,
    make_timestamptz(epoch_us(posts.created_at) // 60_000_000 * 60_000_000) as created_at,
    date_trunc('month', posts.created_at at time zone 'Europe/Amsterdam')::date as created_month,
    case getvariable('shown_text')
        when 'full' then posts.text
        when 'masked' then coalesce(masked_names.text, posts.masked_text)
    end as text,
    annotated.language,
    core.coarse(annotated.language_p) as language_p,
    coalesce(annotated.language = 'nl' and annotated.language_p >= core.setting('language_minimum_p'), false) as is_dutch,
    coalesce(
        posts.kind <> 'repost'
        and annotated.language = 'nl'
        and annotated.language_p >= core.setting('language_minimum_p'),
        false
    ) as is_counted,
    annotated.post_key is not null as is_annotated,
    annotated.purpose,
    annotated.goal,
    posts.edited_at is not null as is_edited,
    posts.likes,
    posts.replies,
    posts.reposts,
    posts.quotes,
    posts.views,
    posts.source,
    posts.collected_at
from vault.posts
left join masked_names using (post_key)
left join annotated using (post_key)
left join core.authors on authors.author_key = posts.author_key;

comment on table core.posts is 'One row per post, in any language; figures count the Dutch ones that are no bare reposts (is_counted).';
comment on column core.posts.post_key is 'Pseudonym: keyed hash of platform and post.';
comment on column core.posts.platform is 'x, reddit, bluesky, mastodon, feed or linkedin.';
comment on column core.posts.author_key is 'Its author; null when the platform does not say.';
comment on column core.posts.role is 'The author''s role.';
comment on column core.posts.kind is 'post, reply, repost or quote.';
comment on column core.posts.parent_key is 'The post it answers, reposts or quotes; that post need not be here.';
comment on column core.posts.created_at is 'When it was made, UTC, to the minute.';
comment on column core.posts.created_month is 'First day of its month in Europe/Amsterdam.';
comment on column core.posts.text is 'Its text with links, addresses, numbers, accounts and names masked; null when text is not published.';
comment on column core.posts.language is 'Language, as the pipeline reads it; null when not annotated yet.';
comment on column core.posts.language_p is 'Probability of the language, rounded (ops.settings, probability_step); is_dutch goes by the exact one.';
comment on column core.posts.is_dutch is 'Whether it is Dutch, with enough probability (ops.settings).';
comment on column core.posts.is_counted is 'Whether figures count it: Dutch, and no bare repost, which has somebody else''s words and none of its author''s.';
comment on column core.posts.is_annotated is 'Whether the pipeline has read it; if not, it is queued for the next run.';
comment on column core.posts.purpose is 'The purpose that it was read to serve (core.annotations says how surely); null when not annotated yet.';
comment on column core.posts.goal is 'The goal under the purpose.';
comment on column core.posts.is_edited is 'Whether the platform says that it was edited.';
comment on column core.posts.likes is 'Likes at the newest look; null when the platform does not say.';
comment on column core.posts.replies is 'Replies at the newest look.';
comment on column core.posts.reposts is 'Reposts at the newest look.';
comment on column core.posts.quotes is 'Quotes at the newest look.';
comment on column core.posts.views is 'Views at the newest look.';
comment on column core.posts.source is 'Source that it was collected by.';
comment on column core.posts.collected_at is 'When it was collected, UTC.';
