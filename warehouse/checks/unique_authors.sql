-- Every author stands in core.authors once.
select author_key from core.authors group by author_key having count(*) > 1
