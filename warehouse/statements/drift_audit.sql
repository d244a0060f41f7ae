-- How many audited posts there are, of the last $months months up to $month, and of $month itself.
select
    count(*) filter (where audit.count_answers > 0) as count_labelled,
    count(*) filter (
        where audit.count_answers > 0
        and posts.created_month <= $month::date
        and posts.created_month > $month::date - to_months($months::integer)
    ) as count_recent,
    count(*) filter (where audit.count_answers > 0 and posts.created_month = $month::date) as count_month,
    (select value from ops.settings where name = 'minimum_audited') as minimum
from ops.audit as audit
join core.posts as posts using (post_key)
