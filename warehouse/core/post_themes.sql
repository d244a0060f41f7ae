-- Grain: one row per post and theme.
create table core.post_themes as
select
    post_key,
    unnest(themes) as theme,
    core.coarse(unnest(themes_p)) as theme_p
from annotated
order by all;

comment on table core.post_themes is 'One row per post and theme that it holds; most posts have none.';
comment on column core.post_themes.post_key is 'The post.';
comment on column core.post_themes.theme is 'The theme (docs/codebook.md).';
comment on column core.post_themes.theme_p is 'Calibrated probability of the theme, rounded (ops.settings, probability_step).';
