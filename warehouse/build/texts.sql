-- Grain: one row per post, with the text that may be shown.
create or replace temp table texts as
select
    post_key,
    case getvariable('shown_text')
        when 'full' then text
        when 'masked' then masked_text
    end as text
from vault.posts
