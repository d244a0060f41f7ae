-- Annotations without the organisation whose key is $name_key.
update annotations
set
    employer = case when name_key(employer) is distinct from $name_key then employer end,
    role_evidence = case when name_key(employer) is distinct from $name_key then role_evidence end,
    organisations = list_filter(organisations, lambda name: name_key(name) is distinct from $name_key)
where
    name_key(employer) = $name_key
    or list_contains(list_transform(organisations, lambda name: name_key(name)), $name_key)
