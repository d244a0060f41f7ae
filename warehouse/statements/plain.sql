-- How texts and names are written when the search for names compares them.

-- Letters and digits in their usual shape: few texts have others, so Python (`usual`) is asked for those alone.
create or replace temp macro unstyled(written) as
    case
        when regexp_matches(written, '[^\P{L}\x{0}-\x{FF}]|[^\P{N}\x{0}-\x{FF}]|[\x{24B6}-\x{24E9}\x{1F130}-\x{1F149}]')
            then usual(written)
        else written
    end;

-- Lower case, usual letters, composed characters, nothing invisible, ordinary spaces.
create or replace temp macro plain(written) as
    lower(case
        when regexp_full_match(written, '[\x20-\x7e]*') then written
        else nfc_normalize(regexp_replace(
            regexp_replace(unstyled(written), '[\x{AD}\x{34F}\x{200B}-\x{200F}\x{2060}-\x{2064}\x{FE00}-\x{FE0F}\x{FEFF}]', '', 'g'),
            '[\s\p{Z}\x{B}\x{85}]', ' ', 'g'
        ))
    end);

-- A handle without its server or domain, as people call its owner: anna_hr@hr.example, anna_hr.bsky.social, anna_hr.example.
create or replace temp macro called(platform, handle) as
    regexp_replace(ltrim(trim(handle), '@'), if(platform = 'mastodon', '@.*$', '(\.bsky\.social|\.[^.]+)$'), '');

-- Letters and digits alone: what is left the same when a handle becomes a hashtag, and a hashtag becomes words.
create or replace temp macro joined(written) as
    regexp_replace(plain(written), '[^\p{L}\p{M}\p{N}]+', '', 'g');
