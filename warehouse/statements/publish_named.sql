-- Who and what `needles` is made of when publishing: everybody whom the vault knows. `spared` are words that are no person's name.
create or replace temp view naming as
select handle, display_name, author_id
from vault.authors;

create or replace temp view named_posts as
select post_id
from vault.posts;

create or replace temp view spared as
select lower(organisation) as needle from core.organisations where organisation is not null
union
select lower(label) as needle from core.labels
union
select lower(dutch) as needle from core.labels;
