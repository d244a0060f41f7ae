-- Words of a union, of politics and of family said that a bio names something else than work in HR, or stood beside one
-- that does, and were kept as evidence, as was the word after `student`; a union or party was kept as employer or
-- organisation, which tells of members more than of staff. It goes, and the pipeline keeps none any more.

create temporary macro of_members(name) as regexp_matches(
    name,
    '(?i)^(de[ _]?)?unie$|(\b|_)((vakbond|vakcentrale|vakvereniging|vakverbond|onderwijsbond|fnv|cnv|vcp|acv|abvv|aclvb|bbtk|setca'
    || '|lbc[-_ ]?nvk|fgtb|cgslb|vsoa|(?-i:AOb)|nu[''’]?91|pvda|vvd|d[''’]?66|cda([^o]|o[a-rt-z]|os[a-z]|$)|groenlinks|pvv|christenunie'
    || '|boerburgerbeweging|ja21|bij1|pvdd|fvd|cdenv|openvld|vlaamsbelang|vlbelang|50pluspartij)'
    || '|(acod|(?-i:CSC)|nvj|sgp|bbb|n[-_ ]va|cd&v|vlaams belang|vld|sp\.a|(?-i:SP|NSC|50PLUS)'
    || '|partij (van de arbeid|voor de (vrijheid|dieren))|forum voor democratie|socialistische partij|nieuw sociaal contract)'
    || '((?-i:[A-Z][a-z])|(ers?)?(\b|_)))'
);

update annotations
set role_evidence = null
where
    of_members(role_evidence)
    or regexp_matches(
        role_evidence,
        '(?i)raadsl(id|eden)|parlement(ari|sl)|fractie'
        || '|\b(ondernemingsra|or-lid\b|wethouder|schepen|burgemeester|gedeputeerde|(kamer|staten|partij)l(id|eden)|volksvertegenwoordiger'
        || '|de unie\b|lijst(trekker|duwer)|politic(us|i|a)\b|(mama|papa|opa|oma|vader|moeder) van\b)'
    )
    or (role = 'other' and regexp_matches(role_evidence, '(?i)^studente? '));

update annotations
set
    employer = if(of_members(employer), null, employer),
    organisations = list_filter(organisations, lambda name: not of_members(name))
where of_members(employer) or len(list_filter(organisations, lambda name: of_members(name))) > 0;

drop macro of_members;
