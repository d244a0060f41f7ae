-- Grain: one row per source, UTC day and billed resource.
create table ops.budget as
select
    source,
    (fetched_at at time zone 'UTC')::date as read_date,
    resource,
    sum(amount)::bigint as count_reads,
    coalesce(sum(amount * price), 0)::double as dollars
from vault.reads
group by all
order by all;

comment on table ops.budget is 'One row per source, UTC day and resource that the platform bills.';
comment on column ops.budget.source is 'The source.';
comment on column ops.budget.read_date is 'UTC day: platforms bill by it.';
comment on column ops.budget.resource is 'What is billed, by the platform''s name; "repeated" when it was read before on that day, which is free.';
comment on column ops.budget.count_reads is 'How many were read.';
comment on column ops.budget.dollars is 'What they cost, by the prices that the settings had then.';
