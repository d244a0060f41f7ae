-- Grain: one row per fact about the file; the moments in Dutch local time.
select
    name,
    case
        when name in ('published_at', 'newest_post_at')
            then strftime(value::timestamptz at time zone 'Europe/Amsterdam', '%Y-%m-%d %H:%M')
        else value
    end as value
from ops.about
