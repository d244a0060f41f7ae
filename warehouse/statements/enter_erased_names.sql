-- Which names were taken out of which texts. names_given: (post_key, name_key, length).
insert into erased_names
select posts.platform, posts.post_id, names_given.name_key, names_given.length
from names_given
join posts using (post_key)
anti join erased_names
    on
        erased_names.platform = posts.platform
        and erased_names.post_id = posts.post_id
        and erased_names.name_key = names_given.name_key
