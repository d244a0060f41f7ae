-- Grain: one row per organisation that an author works for.
-- No row of an author or a post says where somebody works: organisations are counted here and nowhere joined to people.
create table core.organisations as
with staff as (
    select
        organisations.organisation_key,
        -- In order, so that of two spellings as frequent the same one is taken every night.
        mode(people.employer order by people.employer) as organisation,
        count(*) as count_authors,
        count(*) filter (where people.role = 'hr') as count_hr_authors,
        count(*) filter (where people.role = 'marketing') as count_marketing_authors,
        count(distinct people.person) filter (where people.role = 'hr') as count_hr_people
    from people
    join vault.organisations using (name_key)
    group by organisations.organisation_key
)

select
    organisation_key,
    case when count_hr_people >= core.setting('organisation_minimum_authors') then organisation end as organisation,
    count_authors,
    count_hr_authors,
    count_marketing_authors
from staff
order by organisation_key;

comment on table core.organisations is 'One row per organisation that an author works for; who works where is not published (docs/decisions/0005-agenda-and-small-organisations.md).';
comment on column core.organisations.organisation_key is 'Random key, the same every night.';
comment on column core.organisations.organisation is 'Its name as most authors write it; withheld (null) when fewer than five HR people are known there or it holds a person''s name.';
comment on column core.organisations.count_authors is 'Known authors who work there.';
comment on column core.organisations.count_hr_authors is 'Of them, HR.';
comment on column core.organisations.count_marketing_authors is 'Of them, marketing or communication.';
