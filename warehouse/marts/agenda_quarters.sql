-- Grain: one row per quarter: how many organisations are in which class, those too small to be named included.
-- When one to four of them are not named, what is left after subtracting the others would tell theirs: then it is withheld.
create table mart.agenda_quarters as
with counted as (
    select
        quarter,
        count(*) as count_organisations,
        count(*) filter (where class = 'on_agenda') as on_agenda,
        count(*) filter (where class = 'talked_about') as talked_about,
        count(*) filter (where class = 'absent') as absent,
        count(*) filter (where count_possible_authors < core.setting('organisation_minimum_authors')) as count_unnamed
    from agenda
    group by quarter
),

judged as (
    select
        *,
        case
            when count_organisations < core.setting('minimum_organisations') then 'too few organisations'
            when count_unnamed > 0 and count_unnamed < core.setting('minimum_organisations') then 'protects a smaller cell'
        end as withheld
    from counted
)

select
    judged.quarter,
    judged.count_organisations,
    judged.count_unnamed,
    case when judged.withheld is null then judged.on_agenda end as on_agenda,
    case when judged.withheld is null then judged.talked_about end as talked_about,
    case when judged.withheld is null then judged.absent end as absent,
    covered.share_covered,
    judged.withheld
from judged
left join core.covered as covered
    on covered.period_kind = 'quarter'
    and covered.period = judged.quarter
    and covered.platform = 'all'
order by judged.quarter;

comment on table mart.agenda_quarters is 'One row per quarter: how many organisations are in which class, those too small for mart.organisation_agenda included.';
comment on column mart.agenda_quarters.quarter is 'First day of the quarter.';
comment on column mart.agenda_quarters.count_organisations is 'Organisations whose HR people posted in it.';
comment on column mart.agenda_quarters.count_unnamed is 'Of them, those with too few HR people to be named in mart.organisation_agenda.';
comment on column mart.agenda_quarters.on_agenda is 'Organisations in this class, by the thresholds in ops.settings.';
comment on column mart.agenda_quarters.talked_about is 'Organisations in this class.';
comment on column mart.agenda_quarters.absent is 'Organisations in this class.';
comment on column mart.agenda_quarters.share_covered is 'Share of the planned collecting in these months that was done; a dip here explains a dip in posts.';
comment on column mart.agenda_quarters.withheld is 'Why the classes are withheld, or null: too few organisations (fewer than five), or one to four unnamed ones whose classes would follow by subtraction (protects a smaller cell).';
