-- What people say of a post, and which posts were drawn at random to be asked about.
-- Posts go by their key: a label names nobody, and is deleted with its post.

create table labels (
    -- Hash of the answer and of the question: the same answer twice is one label.
    label_id varchar not null,
    post_key varchar not null,
    -- Salted hash of the text and the codebook: a post that is edited afterwards has to be read again.
    question_hash varchar not null,
    annotator varchar not null,
    -- audit, correction or adjudication.
    kind varchar not null,
    codebook_version varchar not null,
    purpose varchar not null,
    goal varchar not null,
    -- Null when the annotator did not judge themes.
    themes varchar[],
    labelled_at timestamptz not null,
    stored_at timestamptz not null
);

create table audit_draws (
    draw_id varchar not null,
    drawn_at timestamptz not null,
    -- When the file was published whose Dutch posts were drawn from.
    frame_at timestamptz not null,
    seed varchar not null,
    asked integer not null,
    population bigint not null,
    model_version varchar
);

-- Every platform and month of the frame, with the stratum it was in: small ones share one.
create table audit_strata (
    draw_id varchar not null,
    platform varchar not null,
    created_month date not null,
    stratum integer not null,
    population bigint not null,
    -- Of the whole stratum: posts drawn by posts there.
    rate double not null
);

create table audit_posts (
    draw_id varchar not null,
    post_key varchar not null,
    stratum integer not null,
    -- The chance that this draw took it.
    inclusion_p double not null,
    -- Whether two people are asked.
    is_double boolean not null,
    -- The order in which it is asked about, at random.
    position integer not null
);

-- Goes into the hash of a question, which is published: without it nobody can try what a masked word was.
create table label_salt as
select replace(uuid()::varchar, '-', '') as salt;
