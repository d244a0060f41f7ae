-- Takes the figures out of what was chosen.
update core.estimates
set
    count_labelled = null,
    share = null,
    share_low = null,
    share_high = null,
    effective_posts = null,
    author_share = null,
    author_share_low = null,
    author_share_high = null,
    withheld = $reason
from suppression_cells as cells
where
    cells.is_chosen
    and cells.period_kind = estimates.period_kind
    and cells.period = estimates.period
    and cells.platform = estimates.platform
    and cells.role = estimates.role
