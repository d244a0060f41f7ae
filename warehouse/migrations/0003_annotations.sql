-- What the pipeline read in a post: one row per post, model, codebook and text; the last one counts.

create table annotations (
    platform varchar not null,
    post_id varchar not null,
    text_hash varchar not null,
    language varchar not null,
    language_p double not null,
    purpose varchar not null,
    purpose_p double not null,
    goal varchar not null,
    goal_p double not null,
    themes varchar[] not null,
    themes_p double[] not null,
    role varchar not null,
    role_p double not null,
    role_evidence varchar,
    role_field varchar,
    employer varchar,
    organisations varchar[] not null,
    hashtags varchar[] not null,
    needs_review boolean not null,
    model_version varchar not null,
    codebook_version varchar not null,
    annotated_at timestamptz not null
);

-- The published name of an organisation is a random key, the same every night; its own name may be withheld.
create table organisations (
    name_key varchar not null,
    organisation_key varchar not null,
    first_seen_at timestamptz not null
);

-- What each publishing showed, so that a file that lost posts without a reason is noticed.
create table publications (
    published_at timestamptz not null,
    count_posts bigint not null,
    count_authors bigint not null
);
