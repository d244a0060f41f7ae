-- Posts that wait to be read by the model in `reader`: new ones, and those whose text or whose author's bio is another
-- than it read. What loads or changes posts enters them here, in the same transaction; an annotation takes them out.
-- So a night looks at what is new, not at all that is stored. `text_hash` is that of nlp.annotation.hash_text.

create table unread (
    platform varchar not null,
    post_id varchar not null,
    post_key varchar not null,
    text_hash varchar not null
);

-- No row yet: at the first night of a model, all that is stored is compared with what it read.
create table reader (
    model_version varchar not null
);
