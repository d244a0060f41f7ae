-- What a platform said of posts. $looks: list of (post_id, outcome).
merge into looks
using (
    select $platform as platform, given.post_id, given.outcome
    from (
        select unnest($looks::struct(post_id varchar, outcome varchar)[], recursive := true)
    ) as given
) as said
    on looks.platform = said.platform and looks.post_id = said.post_id
when matched
    then update set
        looked_at = $now,
        outcome = said.outcome,
        noticed_at = case
            when said.outcome in ('found', 'unknown') then null
            else coalesce(looks.noticed_at, $now)
        end
when not matched
    then insert (platform, post_id, looked_at, outcome, noticed_at)
    values (
        said.platform, said.post_id, $now, said.outcome,
        case when said.outcome not in ('found', 'unknown') then $now end
    )
