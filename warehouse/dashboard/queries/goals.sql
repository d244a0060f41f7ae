-- Grain: one row per goal of a period, platform and role.
select
    mix.goal,
    mix.purpose,
    mix.share,
    mix.share_low,
    mix.share_high,
    mix.share_corrected,
    mix.corrected_low,
    mix.corrected_high
from mart.goal_mix as mix
join core.labels as labels on labels.dimension = 'goal' and labels.label = mix.goal
where mix.period_kind = $period and mix.platform = $platform and mix.role = $role
order by labels.position
