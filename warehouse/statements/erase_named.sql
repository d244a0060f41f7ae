-- Who and what `needles` is made of when erasing: those who go, and the posts that go.
create or replace temp view naming as
select platform, handle, display_name, author_id
from authors
semi join leaving using (platform, author_id)
union all
select platform, handle, display_name, null as author_id
from former_names
semi join leaving using (platform, author_id)
union all
select platform, handle, null as display_name, null as author_id
from leaving_names;

create or replace temp view named_posts as
select post_id
from going;
