-- A share lies within 0 and 1, and within its interval.
select share from core.estimates
where
    not (share between 0 and 1 and share_low between 0 and share + 1e-9 and share_high between share - 1e-9 and 1)
    or not (
        author_share between 0 and 1
        and author_share_low between 0 and author_share + 1e-9
        and author_share_high between author_share - 1e-9 and 1
    )
union all
select share from mart.survey_2013
where not (share between 0 and 1 and share_low between 0 and share + 1e-9 and share_high between share - 1e-9 and 1)
union all
select share_covered from mart.coverage where not share_covered between 0 and 1 + 1e-9
union all
select share_covered from core.covered where not share_covered between 0 and 1 + 1e-9
