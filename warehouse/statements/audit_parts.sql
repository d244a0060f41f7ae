-- How many posts of each platform and month can be drawn.
select platform, created_month, count(*) as posts
from audit_frame
group by platform, created_month
order by platform, created_month
