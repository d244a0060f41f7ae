-- Who and what `needles` is made of when publishing: everybody whom the vault knows, by former names too, and whom the panel
-- lists though nothing of theirs was collected. `spared` are words that are no person's name.
create or replace temp view naming as
select platform, handle, display_name, author_id
from vault.authors
union all
select platform, handle, display_name, null as author_id
from vault.former_names
union all
-- A number is the account's id: as a handle it would also be found within longer numbers.
select
    platform,
    if(regexp_full_match(handle, '\d+'), null, handle) as handle,
    null as display_name,
    if(regexp_full_match(handle, '\d+'), handle, null) as author_id
from vault.panel;

create or replace temp view named_posts as
select post_id
from vault.posts;

create or replace temp view spared as
select lower(organisation) as needle from core.organisations where organisation is not null
union
select lower(label) as needle from core.labels
union
select lower(dutch) as needle from core.labels;
