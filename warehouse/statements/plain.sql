-- Text as the search for names compares it: lower case, composed characters, nothing invisible, ordinary spaces.
create or replace temp macro plain(written) as
    lower(case
        when regexp_full_match(written, '[\x20-\x7e]*') then written
        else nfc_normalize(regexp_replace(
            regexp_replace(written, '[\x{AD}\x{34F}\x{200B}-\x{200F}\x{2060}-\x{2064}\x{FE00}-\x{FE0F}\x{FEFF}]', '', 'g'),
            '[\s\p{Z}\x{B}\x{85}]', ' ', 'g'
        ))
    end);
