-- Temp table audit_frame: the posts that figures count and that no draw has taken, as far as the vault still has them.
create or replace temp table audit_frame as
select
    shown.post_key,
    posts.post_id,
    shown.platform,
    shown.created_month
from frame.core.posts as shown
join posts using (post_key)
anti join audit_posts using (post_key)
where shown.is_counted
