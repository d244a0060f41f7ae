-- Takes the figures out of what was chosen.
update mart.engagement
set
    median_likes = null,
    mean_likes = null,
    median_replies = null,
    mean_replies = null,
    median_reposts = null,
    mean_reposts = null,
    withheld = $reason
from suppression_cells as cells
where
    cells.is_chosen
    and cells.platform = engagement.platform
    and cells.role = engagement.role
    and cells.goal = engagement.goal
