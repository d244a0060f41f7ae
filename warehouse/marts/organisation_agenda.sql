-- Grain: one row per organisation and quarter in which its HR people posted. Where one person could be told, nothing says
-- which organisation the row is about.
create table mart.organisation_agenda as
with known as (
    select
        agenda.*,
        organisations.organisation,
        agenda.count_possible_authors < core.setting('organisation_minimum_authors') as is_single,
        agenda.count_authors < core.setting('minimum_authors') as is_small
    from agenda
    join core.organisations as organisations using (organisation_key)
)

select
    case when not is_single then organisation_key end as organisation_key,
    case when not is_single then organisation end as organisation,
    quarter,
    count_possible_authors,
    case when not is_single then class end as class,
    case when not is_small then count_posts end as count_posts,
    case when not is_small then count_authors end as count_authors,
    case when not is_small then count_serving end as count_serving,
    case when not is_small then share_serving end as share_serving,
    case
        when not is_small
            then core.wilson_low(share_serving, count_posts, core.setting('confidence_z'))
    end as share_serving_low,
    case
        when not is_small
            then core.wilson_high(share_serving, count_posts, core.setting('confidence_z'))
    end as share_serving_high,
    case when not is_small then goals end as goals,
    case
        when is_single then 'all: too few HR people'
        when is_small then 'figures: too few authors'
    end as withheld
from known
order by all;

comment on table mart.organisation_agenda is 'One row per organisation and quarter in which its HR people posted: do their posts serve its goals? Name and class show from two HR people who could have posted, figures from five who did (docs/decisions/0005-agenda-and-small-organisations.md).';
comment on column mart.organisation_agenda.organisation_key is 'The organisation, or null when withheld.';
comment on column mart.organisation_agenda.organisation is 'Its name, or null when withheld.';
comment on column mart.organisation_agenda.quarter is 'First day of the quarter.';
comment on column mart.organisation_agenda.count_possible_authors is 'Its HR people who could have posted: with a post in any language in this quarter, or before and after it. Accounts with one name or handle count as one person.';
comment on column mart.organisation_agenda.class is 'on_agenda, talked_about or absent, by the thresholds in ops.settings (agenda_posts, agenda_share, talked_posts); null when withheld.';
comment on column mart.organisation_agenda.count_posts is 'Dutch posts by its HR people.';
comment on column mart.organisation_agenda.count_authors is 'HR people who posted.';
comment on column mart.organisation_agenda.count_serving is 'Of the posts, those that serve a goal of the organisation.';
comment on column mart.organisation_agenda.share_serving is 'Estimand: share of the HR posts of this organisation and quarter. Naive.';
comment on column mart.organisation_agenda.share_serving_low is 'Lower end of its 95% interval (Wilson, posts taken as independent).';
comment on column mart.organisation_agenda.share_serving_high is 'Upper end of its 95% interval.';
comment on column mart.organisation_agenda.goals is 'Goals of the organisation that the posts serve.';
comment on column mart.organisation_agenda.withheld is 'What is withheld, and why, or null.';
