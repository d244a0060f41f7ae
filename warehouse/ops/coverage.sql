-- Grain: one row per window of collecting.
create table ops.coverage as
select
    source,
    -- In an order that says nothing: that of the names would tell each one's place in the alphabet.
    dense_rank() over (partition by source order by sha256((select min(salt) from vault.salts) || query)) as query_number,
    since,
    until,
    state,
    case
        when state = 'complete' then since
        -- What was read may go back beyond the window, or not even reach its end: neither is time of its own.
        when state = 'capped' then least(until, greatest(since, coalesce(reached, until)))
    end as covered_since,
    attempts,
    count_pages,
    updated_at
from vault.windows
order by source, since, query_number;

comment on table ops.coverage is 'One row per window of collecting: what was asked, and how far it came.';
comment on column ops.coverage.source is 'The source.';
comment on column ops.coverage.query_number is 'Number of the query within its source, in an order that says nothing; a query may name a person, so it is not shown.';
comment on column ops.coverage.since is 'Start of the window, UTC.';
comment on column ops.coverage.until is 'End of the window, UTC, itself outside.';
comment on column ops.coverage.state is 'planned, running, complete, capped, refused, cost-stopped or failed.';
comment on column ops.coverage.covered_since is 'From when on the window is covered, at the earliest its start; null when it is not.';
comment on column ops.coverage.attempts is 'How often it was taken up.';
comment on column ops.coverage.count_pages is 'Pages stored.';
comment on column ops.coverage.updated_at is 'When its state last changed, UTC.';
