-- Grain: one row per month of which posts were erased, by the date of the posts. Not by purpose: of how many people they were
-- is not kept, and what one of them wrote for is nobody's business any more. Few are not told, and no count is exact.
create table ops.erasures as
with counted as (
    select
        month,
        sum(count_erased) as count_erased,
        coalesce(sum(count_erased) filter (where purpose <> 'unread'), 0) as count_labelled
    from vault.erasure_effects
    group by month
)

select
    month,
    case
        when count_erased >= core.setting('minimum_posts')
            then (round(count_erased / core.setting('erased_posts_step')) * core.setting('erased_posts_step'))::bigint
    end as count_erased,
    case
        when count_labelled >= core.setting('minimum_posts')
            then (round(count_labelled / core.setting('erased_posts_step')) * core.setting('erased_posts_step'))::bigint
    end as count_labelled,
    case when count_erased < core.setting('minimum_posts') then 'too few posts' end as withheld
from counted
order by month;

comment on table ops.erasures is 'One row per month of which posts were erased: gone at their platform, past their retention, or asked for. They count in no figure of this file, but may have in earlier ones.';
comment on column ops.erasures.month is 'First day of the month in which the posts were made, Europe/Amsterdam.';
comment on column ops.erasures.count_erased is 'Posts erased, bare reposts included, rounded (ops.settings, erased_posts_step); null when withheld.';
comment on column ops.erasures.count_labelled is 'Of them, those that had a purpose, so that figures could count them; rounded, null when they are fewer than minimum_posts.';
comment on column ops.erasures.withheld is 'Why the counts are withheld (too few posts, ops.settings, minimum_posts), or null.';
