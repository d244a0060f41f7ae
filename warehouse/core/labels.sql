-- Grain: one row per label of the codebook (filled from nlp/codebook.py).
create table core.labels (
    dimension varchar not null,
    label varchar not null,
    dutch varchar not null,
    purpose varchar,
    position integer not null
);

comment on table core.labels is 'One row per label of the codebook.';
comment on column core.labels.dimension is 'purpose, goal, theme or role.';
comment on column core.labels.label is 'The label as it stands in the other tables.';
comment on column core.labels.dutch is 'Its Dutch name.';
comment on column core.labels.purpose is 'For a goal: the purpose it falls under.';
comment on column core.labels.position is 'Its place in the codebook.';
