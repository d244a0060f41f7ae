-- Grain: one row per goal: what HR people's posts get back, over everything collected.
select
    engagement.goal,
    labels.dutch,
    engagement.count_posts,
    engagement.median_likes,
    engagement.mean_likes,
    engagement.median_replies,
    engagement.mean_replies,
    engagement.median_reposts,
    engagement.mean_reposts,
    engagement.withheld
from mart.engagement as engagement
join core.labels as labels on labels.dimension = 'goal' and labels.label = engagement.goal
where engagement.platform = 'all' and engagement.role = 'hr'
order by labels.position
