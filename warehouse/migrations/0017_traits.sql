-- Words of a union, of politics and of family said that a bio names something else than work in HR, and were kept as
-- evidence, as was the word after `student`: what they tell of a person goes, and the pipeline keeps none any more.

update annotations
set role_evidence = null
where
    regexp_matches(
        role_evidence,
        '(?i)(^|\W)(vakbond|fnv\b|acv\b|abvv\b|ondernemingsra|or-lid\b|kamerlid\b|statenlid\b|raadslid\b|wethouder\b|schepen\b'
        || '|(mama|papa|opa|oma|vader|moeder) van\b)'
    )
    or (role = 'other' and regexp_matches(role_evidence, '(?i)^studente? '));

-- A union in a bio or text was kept as employer or organisation, which tells of members more than of staff.
update annotations
set
    employer = if(regexp_matches(employer, unions.words), null, employer),
    organisations = list_filter(organisations, lambda name: not regexp_matches(name, unions.words))
from (select '(?i)\b(vakbond|vakcentrale|vakvereniging|fnv|cnv|vcp|acv|abvv|aclvb)\b' as words) as unions
where regexp_matches(concat_ws(' ', employer, array_to_string(organisations, ' ')), unions.words);
