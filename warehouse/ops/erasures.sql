-- Grain: one row per month of which posts were erased, by the date of the posts. Not by purpose: of how many people they were
-- is not kept, and what one of them wrote for is nobody's business any more. Erasures of three days at least are told together,
-- or one person's activity could be read from the months that appear; few posts are not told, and no count is exact.
-- Months of erasures before December 2026 are by UTC.
create table ops.erasures as
with counted as (
    select
        month,
        sum(count_erased) as count_erased,
        coalesce(sum(count_erased) filter (where purpose <> 'unread'), 0) as count_labelled
    from vault.erasure_effects
    group by month
    having count(distinct erased_on) >= core.setting('erased_days')
)

select
    month,
    (round(count_erased / core.setting('erased_posts_step')) * core.setting('erased_posts_step'))::bigint as count_erased,
    case
        when count_labelled >= core.setting('minimum_posts')
            then (round(count_labelled / core.setting('erased_posts_step')) * core.setting('erased_posts_step'))::bigint
    end as count_labelled
from counted
where count_erased >= core.setting('minimum_posts')
order by month;

comment on table ops.erasures is 'One row per month of which many posts were erased: gone at their platform, past their retention, or asked for. They count in no figure of this file, but may have in earlier ones.';
comment on column ops.erasures.month is 'First day of the month in which the posts were made, Europe/Amsterdam.';
comment on column ops.erasures.count_erased is 'Posts erased, bare reposts included, rounded (ops.settings, erased_posts_step); months with few, or erased on fewer than erased_days days, have no row.';
comment on column ops.erasures.count_labelled is 'Of them, those that had a purpose, so that figures could count them; rounded, null when they are fewer than minimum_posts.';
