-- The employers in `unsaid_employers`, and their keys where nobody names them any more.
update annotations
set employer = null, role_evidence = null
from unsaid_employers as unsaid
where
    annotations.platform = unsaid.platform
    and annotations.post_id = unsaid.post_id
    and annotations.employer = unsaid.employer;

delete from organisations
where
    name_key in (select name_key(employer) from unsaid_employers)
    and name_key not in (
        select name_key(employer) from annotations where name_key(employer) is not null
        union
        select name_key(organisation) from panel where name_key(organisation) is not null
    );

drop table unsaid_employers;
