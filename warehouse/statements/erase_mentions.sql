-- What others mention, without $names.
update annotations
set
    organisations = list_filter(organisations, lambda name: not list_contains($names, name)),
    hashtags = list_filter(hashtags, lambda name: not list_contains($names, name))
where list_has_any(organisations, $names) or list_has_any(hashtags, $names)
