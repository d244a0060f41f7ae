-- Reads of another vault that are not in this one; two alike are two. They come with no page ($page_id): theirs is not
-- here. $reads: list of (source, resource, amount, fetched_at, run_id, price).
with given as (
    select
        unnest(
            $reads::struct(
                source varchar, resource varchar, amount bigint, fetched_at timestamptz, run_id varchar, price double
            )[],
            recursive := true
        )
),

missing as (
    select source, resource, amount, fetched_at, run_id, price from given
    except all
    select source, resource, amount, fetched_at, run_id, price from reads
)

insert into reads (page_id, source, resource, amount, fetched_at, run_id, price)
select $page_id, source, resource, amount, fetched_at, run_id, price
from missing
