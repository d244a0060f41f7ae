-- Posts, their authors, the dated counts of both, what could not be mapped and what was erased.

create table posts (
    platform varchar not null,
    post_id varchar not null,
    url varchar,
    author_id varchar,
    created_at timestamptz not null,
    text varchar not null,
    language_hint varchar,
    kind varchar not null,
    parent_id varchar,
    likes bigint,
    replies bigint,
    reposts bigint,
    quotes bigint,
    views bigint,
    edited_at timestamptz,
    collected_at timestamptz not null,
    source varchar not null,
    query varchar not null,
    post_key varchar not null,
    author_key varchar,
    parent_key varchar,
    masked_text varchar not null,
    masking_version integer not null
);

create table authors (
    platform varchar not null,
    author_id varchar not null,
    author_key varchar not null,
    handle varchar,
    display_name varchar,
    bio varchar,
    first_seen_at timestamptz not null,
    collected_at timestamptz not null
);

create table metrics (
    platform varchar not null,
    post_id varchar not null,
    collected_at timestamptz not null,
    likes bigint,
    replies bigint,
    reposts bigint,
    quotes bigint,
    views bigint
);

create table rejects (
    page_id bigint not null,
    item integer not null,
    reason varchar not null,
    raw varchar not null,
    rejected_at timestamptz not null
);

-- What may never come back. The key is the keyed hash of a post or an author, so it names nobody by itself.
create table tombstones (
    kind varchar not null,
    key varchar not null,
    reason varchar not null,
    erased_at timestamptz not null
);

-- People whose employer or role is known from a list instead of from their bio.
create table panel (
    platform varchar not null,
    handle varchar not null,
    organisation varchar,
    role varchar,
    is_opted_out boolean not null
);
