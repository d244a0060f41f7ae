-- Grain: one row.
select
    (select count(*) from core.posts) as posts,
    (select count(*) from core.posts where is_dutch) as dutch_posts,
    (select count(*) from core.posts where not is_annotated) as pending,
    (select count(*) from core.authors) as authors,
    (select count(*) from core.organisations) as organisations,
    (select count(*) from mart.review_queue) as to_review
