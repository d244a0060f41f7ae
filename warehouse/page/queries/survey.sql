-- Grain: one row per class of organisation: 2013 beside the last four quarters that are over.
select
    class,
    label_dutch,
    survey_share,
    survey_share_low,
    survey_share_high,
    survey_n,
    since,
    until,
    (
        select count(*)
        from mart.agenda_quarters
        where quarter >= survey.since and quarter < survey.until
    ) as count_quarters,
    count_organisations,
    share,
    share_low,
    share_high,
    difference_low,
    difference_high,
    share_covered,
    withheld
from mart.survey_2013 as survey
