-- $strata: list of (platform, created_month, stratum, size, population), the last two of the whole stratum.
insert into audit_strata by name
select
    $draw_id as draw_id,
    platform,
    created_month,
    stratum,
    population,
    size / population as rate
from (
    select unnest(
        $strata::struct(platform varchar, created_month date, stratum integer, size integer, population bigint)[],
        recursive := true
    )
)
