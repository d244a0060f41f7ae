-- Grain: one row per goal, of HR people over the newest twelve months and all platforms.
select
    mix.goal,
    mix.purpose,
    labels.dutch,
    mix.count_posts,
    mix.count_authors,
    mix.share,
    mix.share_low,
    mix.share_high,
    mix.share_corrected,
    mix.corrected_low,
    mix.corrected_high,
    mix.count_audited,
    mix.corrected_withheld,
    mix.withheld
from mart.goal_mix as mix
join core.labels as labels on labels.dimension = 'goal' and labels.label = mix.goal
where mix.period_kind = 'year' and mix.platform = 'all' and mix.role = 'hr'
order by labels.position
