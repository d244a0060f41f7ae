-- Grain: one row per theme, of HR people over the newest twelve months.
select
    themes.theme,
    labels.dutch,
    themes.count_posts,
    themes.count_authors,
    themes.share,
    themes.share_low,
    themes.share_high,
    themes.share_corrected,
    themes.corrected_low,
    themes.corrected_high,
    themes.count_audited,
    themes.corrected_withheld,
    themes.withheld
from mart.themes as themes
join core.labels as labels on labels.dimension = 'theme' and labels.label = themes.theme
where themes.period_kind = 'year' and themes.platform = 'all' and themes.role = 'hr'
order by labels.position
