-- Posts with a forged or broken time; the page they came on holds them whole, page 0 says that it is not looked up.
insert into rejects
select
    0 as page_id,
    0 as item,
    'made ' || created_at || ', after it was collected: ' || collected_at as reason,
    to_json(struct_pack(platform := platform, post_id := post_id, created_at := created_at, text := text)) as raw,
    now() as rejected_at
from batch
where change = 'future'
