-- Grain: one row per class of organisation: 2013 beside the last four quarters.
select
    class,
    label_dutch,
    survey_share,
    survey_share_low,
    survey_share_high,
    survey_n,
    since,
    (until - interval 1 day)::date as last_day,
    count_organisations,
    share,
    share_low,
    share_high,
    difference,
    difference_low,
    difference_high,
    share_covered,
    withheld
from mart.survey_2013
