-- Grain: one row per theme, with its share in the newest five quarters, of HR people.
select
    themes.theme,
    labels.dutch,
    list({
        quarter: themes.period,
        share: themes.share,
        share_low: themes.share_low,
        share_high: themes.share_high,
        withheld: themes.withheld
    } order by themes.period) as quarters
from mart.themes as themes
join core.labels as labels on labels.dimension = 'theme' and labels.label = themes.theme
where
    themes.period_kind = 'quarter'
    and themes.platform = 'all'
    and themes.role = 'hr'
    and themes.period > (select max(period) from mart.themes where period_kind = 'quarter') - interval 15 month
group by themes.theme, labels.dutch, labels.position
order by labels.position
