-- Grain: one row per platform: what serves the organisation and what the author, of HR people over twelve months.
select
    platform,
    any_value(count_posts) as count_posts,
    any_value(count_authors) as count_authors,
    any_value(share) filter (where purpose = 'organisational') as share,
    any_value(share_low) filter (where purpose = 'organisational') as share_low,
    any_value(share_high) filter (where purpose = 'organisational') as share_high,
    any_value(share) filter (where purpose = 'personal') as share_personal,
    any_value(share_low) filter (where purpose = 'personal') as share_personal_low,
    any_value(share_high) filter (where purpose = 'personal') as share_personal_high,
    any_value(withheld) as withheld
from mart.purpose_share
where period_kind = 'year' and platform <> 'all' and role = 'hr'
group by platform
order by any_value(count_posts) desc, platform
