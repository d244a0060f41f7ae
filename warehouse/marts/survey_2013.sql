-- Grain: one row per class of organisation: the survey of 2013 beside the last four quarters that are over.
-- An organisation counts when its HR people posted in those. It is on_agenda when it was in enough of them, or in all where there are fewer, talked_about when any post served it, else absent. Organisations count
-- here that are too small for mart.organisation_agenda. Who subtracts those that it names has the others' classes: with
-- one to four left the totals are withheld, as in mart.agenda_quarters. Whether one that is named in some of its quarters
-- is among those left depends on what these tell, so it is taken whichever way withholds.
create table mart.survey_2013 as
with survey (class, position, label_dutch, survey_share, survey_n) as (
    values
    ('on_agenda', 1, 'staat op de agenda', 0.25, 145),
    ('talked_about', 2, 'is onderwerp van gesprek', 0.39, 145),
    ('absent', 3, 'speelt niet', 0.36, 145)
),

newest as (
    -- The running quarter, that of the newest post, would take organisations off the agenda for having hardly begun: it
    -- counts only while it is the first.
    select greatest(
        min(quarter), (select date_trunc('quarter', max(created_month)) from core.posts) - interval 3 month
    )::date as quarter
    from agenda
),

recent as (
    select agenda.*
    from agenda
    cross join newest
    where agenda.quarter between newest.quarter - interval 9 month and newest.quarter
),

organisations as (
    select
        organisation_key,
        case
            when
                count(*) filter (where class = 'on_agenda')
                >= least(core.setting('agenda_quarters'), (select count(distinct quarter) from recent))
                then 'on_agenda'
            when bool_or(class <> 'absent') then 'talked_about'
            else 'absent'
        end as class,
        count(*) filter (where count_possible_authors < core.setting('organisation_minimum_authors'))
            as count_unnamed_quarters,
        count(*) as count_quarters
    from recent
    group by organisation_key
),

total as (
    select
        count(*) as n,
        case
            when count(*) < core.setting('minimum_organisations') then 'too few organisations'
            when
                bool_or(count_unnamed_quarters > 0)
                and count(*) filter (where count_unnamed_quarters = count_quarters)
                < core.setting('minimum_organisations')
                then 'protects a smaller cell'
        end as withheld,
        (select min(quarter) from recent) as since,
        (select (max(quarter) + interval 3 month)::date from recent) as until
    from organisations
),

collected as (
    -- Of the least collected quarter, for one is enough to keep an organisation off the agenda; one without posts too.
    select min(covered.share_covered) as share_covered
    from core.covered as covered
    cross join newest
    where
        covered.period_kind = 'quarter'
        and covered.platform = 'all'
        and covered.period between newest.quarter - interval 9 month and newest.quarter
),

classes as (
    select class, count(*) as count_class from organisations group by class
),

shares as (
    select
        survey.* replace (survey_share::double as survey_share),
        total.*,
        collected.share_covered,
        case when total.withheld is null then coalesce(classes.count_class, 0) end as count_class,
        case when total.withheld is null then coalesce(classes.count_class, 0) / total.n end as share,
        core.setting('confidence_z') as z
    from survey
    cross join total
    cross join collected
    left join classes using (class)
)

select
    class,
    label_dutch,
    survey_share,
    core.wilson_low(survey_share, survey_n, z) as survey_share_low,
    core.wilson_high(survey_share, survey_n, z) as survey_share_high,
    survey_n,
    since,
    until,
    n as count_organisations,
    count_class,
    share,
    core.wilson_low(share, n, z) as share_low,
    core.wilson_high(share, n, z) as share_high,
    share - survey_share as difference,
    core.difference_low(
        share, core.wilson_low(share, n, z), survey_share, core.wilson_high(survey_share, survey_n, z)
    ) as difference_low,
    core.difference_high(
        share, core.wilson_high(share, n, z), survey_share, core.wilson_low(survey_share, survey_n, z)
    ) as difference_high,
    share_covered,
    withheld
from shares
order by position;

comment on table mart.survey_2013 is 'One row per class of organisation: the survey of 2013 (what respondents said) beside the last four quarters that are over (what HR people post); the running quarter, that of the newest post, counts only while it is the first. Two different instruments: compare with care.';
comment on column mart.survey_2013.class is 'on_agenda, talked_about or absent.';
comment on column mart.survey_2013.label_dutch is 'The class in Dutch.';
comment on column mart.survey_2013.survey_share is 'Share of respondents in 2013; absent is what the other two leave.';
comment on column mart.survey_2013.survey_share_low is 'Lower end of its 95% interval (Wilson, n = 145).';
comment on column mart.survey_2013.survey_share_high is 'Upper end of its 95% interval.';
comment on column mart.survey_2013.survey_n is 'Respondents in 2013.';
comment on column mart.survey_2013.since is 'First day of our period; null when there is nothing yet.';
comment on column mart.survey_2013.until is 'Day after our period.';
comment on column mart.survey_2013.count_organisations is 'Organisations whose HR people posted in it.';
comment on column mart.survey_2013.count_class is 'Of them, in this class.';
comment on column mart.survey_2013.share is 'Estimand: share of organisations with HR people who post. Naive: as the model labels their posts, or the person who corrected one.';
comment on column mart.survey_2013.share_low is 'Lower end of its 95% interval (Wilson, over organisations).';
comment on column mart.survey_2013.share_high is 'Upper end of its 95% interval.';
comment on column mart.survey_2013.difference is 'Our share less that of 2013.';
comment on column mart.survey_2013.difference_low is 'Lower end of the difference''s 95% interval (Newcombe).';
comment on column mart.survey_2013.difference_high is 'Upper end of the difference''s 95% interval.';
comment on column mart.survey_2013.share_covered is 'Share of the planned collecting in these months that was done, in the least collected of their quarters; a dip here explains a dip in posts.';
comment on column mart.survey_2013.withheld is 'Why our side is withheld, or null: too few organisations (fewer than five), or one to four of them that mart.organisation_agenda does not name would follow by subtraction (protects a smaller cell).';
