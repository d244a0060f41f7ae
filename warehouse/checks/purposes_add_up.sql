-- The three purposes of a cell add up to all of its posts.
select period_kind, period, platform, role
from mart.purpose_share
where withheld is null
group by all
having abs(sum(share) - 1) > 1e-9 or sum(count_labelled) <> any_value(count_posts)
