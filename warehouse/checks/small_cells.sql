-- A cell with too few authors shows no figure, and no goal's posts are counted whose share is withheld.
select count_authors from core.estimates
where
    count_authors < (select value from ops.settings where name = 'minimum_authors')
    and coalesce(share, share_low, share_high, count_labelled, author_share) is not null
union all
select count_authors from mart.engagement
where
    count_authors < (select value from ops.settings where name = 'minimum_authors')
    and coalesce(mean_likes, mean_replies, mean_reposts) is not null
union all
select mix.count_authors
from mart.engagement as engagement
join core.estimates as mix
    on mix.period_kind = 'all'
    and mix.dimension = 'goal'
    and mix.label = engagement.goal
    and mix.platform = engagement.platform
    and mix.role = engagement.role
where
    mix.withheld is not null
    and coalesce(
        engagement.count_posts, engagement.count_authors,
        engagement.median_likes, engagement.median_replies, engagement.median_reposts,
        engagement.mean_likes, engagement.mean_replies, engagement.mean_reposts
    ) is not null
union all
select reactions.count_authors
from reactions
join mart.engagement as engagement using (platform, role, goal)
where
    reactions.count_authors < (select value from ops.settings where name = 'minimum_authors')
    and case reactions.reaction
        when 'likes' then coalesce(engagement.median_likes, engagement.mean_likes)
        when 'replies' then coalesce(engagement.median_replies, engagement.mean_replies)
        when 'reposts' then coalesce(engagement.median_reposts, engagement.mean_reposts)
    end is not null
union all
select count_authors from mart.organisation_agenda
where
    (
        count_authors < (select value from ops.settings where name = 'minimum_authors')
        and coalesce(count_posts, share_serving) is not null
    )
    or (
        count_possible_authors < (select value from ops.settings where name = 'organisation_minimum_authors')
        and coalesce(organisation_key, organisation, class) is not null
    )
