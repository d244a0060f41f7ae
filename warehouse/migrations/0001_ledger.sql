-- What was asked of the platforms, what came back, and what every run did.
-- No foreign keys, no indexes (docs/decisions/0003-plain-sql.md): relations are checked by queries.

create table runs (
    run_id varchar not null,
    kind varchar not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    outcome varchar not null,
    counts json,
    message varchar
);

create table windows (
    source varchar not null,
    query varchar not null,
    since timestamptz not null,
    until timestamptz not null,
    state varchar not null,
    reason varchar,
    position varchar,
    reached timestamptz,
    attempts integer not null,
    count_pages integer not null,
    run_id varchar,
    planned_at timestamptz not null,
    updated_at timestamptz not null
);

create sequence page_ids;

create table pages (
    page_id bigint not null,
    source varchar not null,
    query varchar not null,
    since timestamptz not null,
    until timestamptz not null,
    format varchar not null,
    payload varchar not null,
    ending varchar not null,
    position varchar,
    reached timestamptz,
    fetched_at timestamptz not null,
    run_id varchar,
    mapped_at timestamptz
);

-- What a platform bills, one row per page and resource.
create table reads (
    page_id bigint not null,
    source varchar not null,
    resource varchar not null,
    amount bigint not null,
    fetched_at timestamptz not null
);
