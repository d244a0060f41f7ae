-- Grain: one row per organisation and quarter in which its HR people posted. Where fewer than five could be told, nothing
-- says which organisation the row is about; and no figure is exact: who adds up the rows of five authors would know them.
create table mart.organisation_agenda as
with known as (
    select
        agenda.* exclude (count_posts, share_serving),
        organisations.organisation,
        agenda.count_possible_authors < core.setting('organisation_minimum_authors') as is_few,
        least(
            agenda.count_authors - core.setting('minimum_authors'),
            agenda.count_possible_authors - core.setting('organisation_minimum_authors')
        ) < 0 as is_small,
        round(agenda.count_posts / core.setting('organisation_posts_step')) * core.setting('organisation_posts_step')
            as count_posts,
        round(round(agenda.share_serving / core.setting('organisation_share_step')) * core.setting('organisation_share_step'), 4)
            as share_serving,
        covered.share_covered
    from agenda
    join core.organisations as organisations using (organisation_key)
    left join core.covered as covered
        on covered.period_kind = 'quarter'
        and covered.period = agenda.quarter
        and covered.platform = 'all'
)

select
    case when not is_few then organisation_key end as organisation_key,
    case when not is_few then organisation end as organisation,
    quarter,
    count_possible_authors,
    case when not is_few then class end as class,
    case when not is_small then count_posts::bigint end as count_posts,
    case when not is_small then count_authors end as count_authors,
    case when not is_small then share_serving end as share_serving,
    case
        when not is_small
            then core.wilson_low(share_serving, nullif(count_posts, 0), core.setting('confidence_z'))
    end as share_serving_low,
    case
        when not is_small
            then core.wilson_high(share_serving, nullif(count_posts, 0), core.setting('confidence_z'))
    end as share_serving_high,
    case when not is_small then goals end as goals,
    share_covered,
    case
        when is_few then 'all: too few HR people'
        when is_small then 'figures: too few authors'
    end as withheld
from known
order by all;

comment on table mart.organisation_agenda is 'One row per organisation and quarter in which its HR people posted: do their posts serve its goals? Name and class show from five HR people who could have posted, figures, rounded, from five who did (docs/decisions/0005-agenda-and-small-organisations.md).';
comment on column mart.organisation_agenda.organisation_key is 'The organisation, or null when withheld.';
comment on column mart.organisation_agenda.organisation is 'Its name, or null when withheld.';
comment on column mart.organisation_agenda.quarter is 'First day of the quarter.';
comment on column mart.organisation_agenda.count_possible_authors is 'Its HR people who could have posted: with a post in any language in this quarter, or before and after it. Accounts with one name or handle count as one person.';
comment on column mart.organisation_agenda.class is 'on_agenda, talked_about or absent, by the thresholds in ops.settings (agenda_posts, agenda_share, talked_posts); null when withheld.';
comment on column mart.organisation_agenda.count_posts is 'Dutch posts by its HR people, bare reposts left out, rounded (ops.settings, organisation_posts_step).';
comment on column mart.organisation_agenda.count_authors is 'HR people who posted, counted in the same way.';
comment on column mart.organisation_agenda.share_serving is 'Estimand: share of the HR posts of this organisation and quarter that serves it. Naive, rounded (organisation_share_step).';
comment on column mart.organisation_agenda.share_serving_low is 'Lower end of its 95% interval (Wilson, posts taken as independent, of the rounded figures).';
comment on column mart.organisation_agenda.share_serving_high is 'Upper end of its 95% interval.';
comment on column mart.organisation_agenda.goals is 'Goals of the organisation that posts of at least five of them serve.';
comment on column mart.organisation_agenda.share_covered is 'Share of the planned collecting in these months that was done; a dip here explains a dip in posts.';
comment on column mart.organisation_agenda.withheld is 'What is withheld, and why, or null.';
