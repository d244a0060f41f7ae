-- Names by which accounts were known and are no more. Others' texts go on saying them, so publishing masks them and an
-- erasure looks for them. One row per account and pair of names.

create table former_names (
    platform varchar not null,
    author_id varchar not null,
    author_key varchar not null,
    handle varchar,
    display_name varchar
);
