-- An organisation stands in a quarter of mart.organisation_agenda once.
select organisation_key, quarter
from mart.organisation_agenda
where organisation_key is not null
group by all
having count(*) > 1
