-- Which names were taken out of other people's texts: when the platform gives such a text once more, they go again.
-- `name_key` is a hash under the key of the pseudonyms, another one for each post; `length` is in characters.

create table erased_names (
    platform varchar not null,
    post_id varchar not null,
    name_key varchar not null,
    length integer not null
);
