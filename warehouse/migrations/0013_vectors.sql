-- The encoder's vector of a post's masked text, as one bit a number: its sign. One row per post, of its newest reading.
-- `text_mark` tells of which masked text: after an edit or newer masking rules the row counts for nothing.

create table vectors (
    post_key varchar not null,
    text_mark ubigint not null,
    signs blob not null,
    model_version varchar not null
);
