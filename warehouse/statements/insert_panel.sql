-- People whose role or organisation is known from the panel. $rows: list of (platform, handle, organisation, role).
insert into panel (platform, handle, organisation, role, is_opted_out)
select listed.platform, listed.handle, listed.organisation, listed.role, false
from (
    select unnest(
        $rows::struct(platform varchar, handle varchar, organisation varchar, role varchar)[], recursive := true
    )
) as listed
