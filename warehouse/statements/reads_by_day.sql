-- Reads of one resource of a source by UTC day.
select
    (fetched_at at time zone 'UTC')::date as day,
    sum(amount)::bigint as reads
from reads
where source = $source and resource = $resource
group by all
order by all
