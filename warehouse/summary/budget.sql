-- Grain: one row per source and resource: reads and dollars of the newest UTC day and month in the file.
select
    source,
    resource,
    newest.day as newest_day,
    coalesce(sum(count_reads) filter (where read_date = newest.day), 0)::bigint as reads_day,
    sum(count_reads)::bigint as reads_month,
    coalesce(sum(dollars) filter (where read_date = newest.day), 0)::double as dollars_day,
    sum(dollars)::double as dollars_month
from ops.budget
cross join (select max(read_date) as day from ops.budget) as newest
where read_date >= date_trunc('month', newest.day)
group by source, resource, newest.day
order by source, resource
