-- Draws from each stratum as many posts as it was given, at random; $doubles of them, at random too, are for two
-- people. A hash with the seed is as good as a lot and can be repeated; of the platform's id, not of our pseudonym,
-- so that two homes with the same posts draw the same.
insert into audit_posts by name
with lots as (
    select
        audit_frame.post_key,
        strata.stratum,
        strata.rate,
        round(strata.rate * strata.population) as size,
        sha256($seed || chr(31) || audit_frame.platform || chr(31) || audit_frame.post_id) as lot
    from audit_frame
    join audit_strata as strata
        on strata.draw_id = $draw_id
        and strata.platform = audit_frame.platform
        and strata.created_month = audit_frame.created_month
),

taken as (
    select *
    from lots
    qualify row_number() over (partition by stratum order by lot) <= size
),

ordered as (
    select
        taken.*,
        row_number() over (order by sha256(lot || 'order')) as position
    from taken
)

select
    $draw_id as draw_id,
    post_key,
    stratum,
    rate as inclusion_p,
    sha256(lot || 'double') in (
        select sha256(lot || 'double') from ordered order by sha256(lot || 'double') limit $doubles
    ) as is_double,
    position
from ordered
returning is_double
