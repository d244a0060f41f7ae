-- A post has one annotation that counts.
select post_key from core.annotations group by post_key having count(*) > 1
