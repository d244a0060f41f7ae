-- How texts and names are written when the search for names compares them.

-- Letters and digits in their usual shape: few texts have others, so Python (`usual`) is asked only where there are signs of
-- the blocks that hold some. By ranges: a class such as \p{L} takes DuckDB five milliseconds wherever it stands.
create or replace temp macro unstyled(written) as
    case
        when regexp_matches(
            written,
            '[\x{100}-\x{1FFF}\x{2070}-\x{218F}\x{2460}-\x{24FF}\x{2C00}-\x{2DFF}\x{3000}-\x{FDFF}\x{FE70}-\x{FFDC}\x{10000}-\x{1EFFF}\x{1F100}-\x{1F14F}\x{1FBF0}-\x{3FFFF}]'
        ) then usual(written)
        else written
    end;

-- Lower case, usual letters, composed characters, nothing invisible, ordinary spaces.
create or replace temp macro plain(written) as
    lower(case
        when regexp_full_match(written, '[\x20-\x7e]*') then written
        else nfc_normalize(regexp_replace(
            regexp_replace(unstyled(written), '[\x{0}-\x{8}\x{E}-\x{1B}\x{7F}-\x{84}\x{86}-\x{9F}\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{3164}\x{FE00}-\x{FE0F}\x{FEFF}\x{FFA0}\x{E0000}-\x{E0FFF}]', '', 'g'),
            '[\s\p{Z}\x{B}\x{1C}-\x{1F}\x{85}]', ' ', 'g'
        ))
    end);

-- A handle without its server or domain, as people call its owner: anna_hr@hr.example, anna_hr.bsky.social, anna_hr.example.
create or replace temp macro called(platform, handle) as
    regexp_replace(ltrim(trim(handle), '@'), if(platform = 'mastodon', '@.*$', '(\.bsky\.social|\.[^.]+)$'), '');

-- Letters and digits alone: what is left the same when a handle becomes a hashtag, and a hashtag becomes words.
create or replace temp macro joined(written) as
    regexp_replace(plain(written), '[^\p{L}\p{M}\p{N}]+', '', 'g');
