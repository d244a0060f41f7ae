-- Fills an empty vault. `draw` gives the same number from 0 up to 1 for the same row, purpose and seed.
create or replace temp macro draw(row_number, purpose) as
    (hash(row_number, purpose, getvariable('seed')) >> 11) / 9007199254740992.0;

create or replace temp macro syllable(number) as [
    'ba', 'wer', 'ken', 'lo', 'pen', 'ver', 'ta', 'gen', 'men', 'sen', 'de', 'ling', 'be', 'heid', 'kan', 'di',
    'team', 'per', 'so', 'neel', 'ge', 'sprek', 'ont', 'wik', 'ke', 'lijk', 'or', 'ga', 'ni', 'sa', 'tie', 'vaar',
    'op', 'lei', 'ding', 'mede', 'stand', 'goed', 'nieuw', 'plan'
][1 + (number % 40)::integer];

create or replace temp macro given(number) as [
    'Willemijn', 'Joris', 'Fleur', 'Sander', 'Noor', 'Bram', 'Lieke', 'Tijmen', 'Hanneke', 'Ruben', 'Saskia', 'Wout',
    'Marijke', 'Stijn', 'Roos', 'Gijs', 'Yasmina', 'Pieter', 'Anouk', 'Bjorn'
][1 + (number % 20)::integer];

create or replace temp table vocabulary as
with head (word) as (
    select unnest(string_split(
        'de het een en van in is op te dat voor met wij we ik je onze ons team collega werk werken kantoor thuis '
        || 'vacature solliciteer sollicitant gesprek leren training opleiding onboarding hr personeel medewerkers '
        || 'verzuim vitaliteit cao beleid leidinggevende organisatie kennis delen vakgenoten congres tips ervaring '
        || 'blog podcast trots welkom jubileum samen hybride tool systeem data privacy gemeente zorg werkgever merk',
        ' '
    ))
),

tail as (
    select
        number,
        syllable(hash(number, 1)) || syllable(hash(number, 2)) || syllable(hash(number, 3))
        || if(hash(number, 4) % 2 = 0, syllable(hash(number, 5)), '') as word
    from range(getvariable('vocabulary')) as numbers (number)
)

select (row_number() over (order by place, number)) - 1 as rank, word
from (
    select 0 as place, row_number() over () as number, word from head
    union all
    select 1 as place, number, word from tail
);

create or replace temp table sentences as
select
    sentence,
    upper(string_agg(word, ' ' order by position)[1]) || (string_agg(word, ' ' order by position))[2 :]
    || ['.', '.', '!', '?'][1 + (hash(sentence) % 4)::integer] as text
from (
    select
        sentence,
        position,
        floor(pow((select count(*) from vocabulary), draw(sentence * 100 + position, 'word')))::bigint as rank
    from
        range(getvariable('sentences')) as numbers (sentence),
        range(14) as positions (position)
    where position < 6 + hash(sentence, 'length') % 8
)
join vocabulary using (rank)
group by sentence;

create or replace temp table made_authors as
select
    number,
    if(draw(number, 'platform') < 0.6, 'x', if(draw(number, 'platform') < 0.85, 'bluesky', 'mastodon')) as platform,
    (8800000000 + number * 7)::varchar as author_id,
    md5('author' || number)[1 : 24] as author_key,
    lower(given(number)) || '_' || syllable(hash(number, 6)) || number as handle,
    given(number) || ' ' || ['van ', 'de ', '', ''][1 + (hash(number, 7) % 4)::integer]
    || upper(syllable(hash(number, 8))[1]) || syllable(hash(number, 8))[2 :] || syllable(number)
    || syllable(number // 40) || syllable(number // 1600) as display_name,
    if(draw(number, 'role') < 0.6, 'hr', if(draw(number, 'role') < 0.75, 'marketing', 'other')) as role,
    hash(number, 'employer') % getvariable('organisations') as organisation
from range(getvariable('authors')) as numbers (number);

create or replace temp table made_posts as
with drawn as (
    select
        number,
        (hash(number, 'author') % getvariable('authors'))::bigint as author,
        (hash(number, 'other') % getvariable('authors'))::bigint as other,
        (hash(number, 'one') % getvariable('sentences'))::bigint as one,
        (hash(number, 'two') % getvariable('sentences'))::bigint as two,
        (hash(number, 'three') % getvariable('sentences'))::bigint as three,
        timestamptz '2026-11-01 00:00:00+00'
        - to_seconds((draw(number, 'moment') * getvariable('months') * 30 * 86400)::bigint) as created_at
    from range(getvariable('posts')) as numbers (number)
)

select
    drawn.number,
    authors.platform,
    authors.author_id,
    authors.author_key,
    authors.role,
    authors.organisation,
    (1700000000000000000 + drawn.number * 1009)::varchar as post_id,
    md5('post' || drawn.number)[1 : 24] as post_key,
    drawn.created_at,
    one.text || ' ' || two.text || if(draw(drawn.number, 'long') < 0.5, ' ' || three.text, '')
    || case (hash(drawn.number, 'rare') % 4)
        when 0 then ' #' || syllable(drawn.number) || syllable(drawn.number // 40) || syllable(drawn.number // 1600)
        when 1 then ' ' || (hash(drawn.number, 'sum') % 1000000)::varchar || ' keer.'
        when 2 then ' ' || syllable(hash(drawn.number, 9)) || syllable(hash(drawn.number, 10))
            || syllable(hash(drawn.number, 11)) || syllable(hash(drawn.number, 12)) || ', toch?'
        else ''
    end
    || if(draw(drawn.number, 'named') < 0.02, ' Dank aan ' || others.display_name || '!', '')
    || if(draw(drawn.number, 'handled') < 0.00002, ' Zie #' || others.handle || '.', '') as text,
    draw(drawn.number, 'account') < 0.1 as has_account,
    others.handle as account
from drawn
join made_authors as authors on authors.number = drawn.author
join made_authors as others on others.number = drawn.other
join sentences as one on one.sentence = drawn.one
join sentences as two on two.sentence = drawn.two
join sentences as three on three.sentence = drawn.three;

insert into authors (
    platform, author_id, author_key, handle, display_name, bio, first_seen_at, collected_at
)
select
    platform,
    author_id,
    author_key,
    handle,
    display_name,
    case role when 'hr' then 'HR-adviseur' when 'marketing' then 'Communicatieadviseur' else 'Docent' end
    || ' bij Organisatie ' || organisation,
    timestamptz '2026-11-01 00:00:00+00',
    timestamptz '2026-11-01 00:00:00+00'
from made_authors;

insert into posts (
    platform, post_id, url, author_id, created_at, text, language_hint, kind, parent_id, likes,
    replies, reposts, quotes, views, edited_at, collected_at, source, query, post_key, author_key,
    parent_key, masked_text, masking_version
)
select
    platform,
    post_id,
    'https://social.example/p/' || post_id,
    author_id,
    created_at,
    if(has_account, '@' || account || ' ', '') || text,
    'nl',
    if(draw(number, 'kind') < 0.8, 'post', 'reply'),
    null,
    (hash(number, 'likes') % 40)::bigint,
    (hash(number, 'replies') % 6)::bigint,
    (hash(number, 'reposts') % 9)::bigint,
    null,
    null,
    null,
    created_at + interval 6 hour,
    platform,
    'search:#hr',
    post_key,
    author_key,
    null,
    if(has_account, '[account] ', '') || text,
    getvariable('masking_version')
from made_posts;

-- Signs without meaning: what they cost is the same.
insert into vectors (
    post_key, text_mark, signs, model_version
)
select
    post_key,
    md5_number_lower(masked_text),
    unhex(md5('one' || post_key) || md5('two' || post_key) || md5('three' || post_key)),
    'benchmark-1'
from posts;

insert into metrics (
    platform, post_id, collected_at, likes, replies, reposts, quotes, views
)
select
    platform,
    post_id,
    created_at + to_hours(6 * (1 + look)),
    (hash(number, 'likes') % 40)::bigint,
    (hash(number, 'replies') % 6)::bigint,
    (hash(number, 'reposts') % 9)::bigint,
    null,
    null
from made_posts
cross join range(2) as looks (look)
where look = 0 or draw(number, 'again') < 0.2;

-- Authors of a role lean to a goal of their own, so that posts of one author resemble each other.
insert into annotations (
    platform, post_id, text_hash, language, language_p, purpose, purpose_p, goal, goal_p, themes,
    themes_p, role, role_p, role_evidence, role_field, employer, organisations, hashtags,
    needs_review, model_version, codebook_version, annotated_at
)
select
    posts.platform,
    posts.post_id,
    md5(posts.text),
    if(draw(posts.number, 'language') < 0.93, 'nl', 'en'),
    0.7 + 0.3 * draw(posts.number, 'language_p'),
    goals.purpose,
    0.5 + 0.5 * draw(posts.number, 'purpose_p'),
    goals.goal,
    0.3 + 0.7 * draw(posts.number, 'goal_p'),
    if(draw(posts.number, 'theme') < 0.08, [(select list(theme order by theme) from theme_names)[1 + (hash(posts.number, 't') % 7)::integer]], []),
    if(draw(posts.number, 'theme') < 0.08, [0.8], []),
    posts.role,
    0.9,
    'bio',
    null,
    'Organisatie ' || posts.organisation,
    if(draw(posts.number, 'organisation') < 0.1, ['Organisatie ' || (hash(posts.number, 'o') % getvariable('organisations'))], []),
    if(draw(posts.number, 'hashtag') < 0.3, ['tag' || (hash(posts.number, 'h') % 200)], []),
    draw(posts.number, 'review') < 0.05,
    'benchmark-1',
    getvariable('codebook_version'),
    posts.created_at + interval 7 hour
from made_posts as posts
join goals on goals.position = case
    when draw(posts.number, 'own') < 0.5 then hash(posts.author_id, 'goal') % 10
    else hash(posts.number, 'goal') % 10
end;

insert into windows (
    source, query, since, until, state, reason, position, reached, attempts, count_pages, run_id,
    planned_at, updated_at
)
select
    source,
    'search:#hr',
    since,
    since + interval 1 day,
    if(draw(number, 'state') < 0.98, 'complete', 'failed'),
    null,
    null,
    null,
    1,
    1,
    'run',
    since,
    since
from (values ('x'), ('bluesky'), ('mastodon')) as sources (source)
cross join (
    select number, timestamptz '2026-11-01 00:00:00+00' - to_days((1 + number)::integer) as since
    from range(getvariable('months') * 30) as numbers (number)
);

insert into pages (
    page_id, source, query, since, until, format, payload, ending, position, reached, fetched_at,
    run_id, mapped_at
)
select
    row_number() over (),
    source,
    query,
    since,
    until,
    'x/posts',
    '{}',
    'complete',
    null,
    null,
    since,
    'run',
    since
from windows;

insert into reads (
    page_id, source, resource, amount, fetched_at
) select page_id, source, 'post', 100, fetched_at from pages;

insert into runs (
    run_id, kind, started_at, ended_at, outcome, counts, message
) values (
    'run', 'nightly', timestamptz '2026-11-01 03:30:00+00', timestamptz '2026-11-01 04:00:00+00', 'ok', '{}', null
);
