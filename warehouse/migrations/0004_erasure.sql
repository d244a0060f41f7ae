-- What was erased, told without saying of whom: counts, and what it did to figures of the past.

create table erasures (
    erased_at timestamptz not null,
    scope varchar not null,
    reason varchar not null,
    count_posts bigint not null,
    count_authors bigint not null,
    count_pages bigint not null,
    compacted_at timestamptz
);

-- Per day of erasing, month of the posts and purpose: how many there were, and how many went.
create table erasure_effects (
    erased_on date not null,
    month date not null,
    purpose varchar not null,
    count_before bigint not null,
    count_erased bigint not null
);

-- Salt for the keys of erased organisations, whose names come back in texts that SQL alone looks at.
create table salts (
    salt varchar not null
);

insert into salts select uuid()::varchar || uuid()::varchar;
