-- Grain: one row per class of organisation: 2013 beside now.
select
    class,
    label_dutch,
    survey_share,
    survey_share_low,
    survey_share_high,
    count_organisations,
    count_class,
    share,
    share_low,
    share_high,
    withheld
from mart.survey_2013
