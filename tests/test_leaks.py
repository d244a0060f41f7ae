"""Names in published text: found whatever surrounds, splits or disguises them, and never at a great price."""

import random
import re
import unicodedata

import duckdb
import pytest
from stocked import annotate, load, post, vault
from test_masking import BOLD, FULL_WIDTH

from nlp.cleaning import usual
from warehouse.publish import publish
from warehouse.sqlfiles import statement

SOMEBODY = {
    "author_id": "8812345678",
    "handle": "fleur.voorbeeldsma",
    "display_name": "Fleur van Voorbeeldsma-Été",
    "bio": None,
}


def published(folder, *texts, people=({},)):
    """Return the published text of posts that are nobody's, in the order of their numbers; `people` posted too."""
    nobody = {"author_id": "77", "handle": None, "display_name": None, "bio": None}
    with vault(folder) as con:
        load(con, *(post(number, **(SOMEBODY | somebody)) for number, somebody in enumerate(people)))
        load(con, *(post(number, **nobody, text=text) for number, text in enumerate(texts, start=100)))
        annotate(con)
        publish(con, folder / "etalage.duckdb")
        with duckdb.connect(str(folder / "etalage.duckdb"), read_only=True) as read:
            shown = dict(read.execute("select post_key, text from core.posts").fetchall())
        keys = con.execute("select post_key from posts order by post_id").fetchall()
    return [shown[key] for (key,) in keys][-len(texts) :]


DISGUISES = [
    "Dank Fleur van Voorbeeldsma-Été!",
    "DANK FLEUR VAN VOORBEELDSMA-ÉTÉ",
    "Dank Fleur\u00a0van\u2009Voorbeeldsma-Été",
    "Dank Fleur\tvan\n\nVoorbeeldsma-Été's werk",
    unicodedata.normalize("NFD", "Dank Fleur van Voorbeeldsma-Été"),
    "Dank Fle\u200bur van Voor\u00adbeeldsma-Été",
    "(Fleur van Voorbeeldsma-Été,gisteren)",
    "#fleur.voorbeeldsma zegt",
    "hallo|fleur.voorbeeldsma|hallo",
    "xfleur.voorbeeldsmax",
    "FLEUR.VOORBEELDSMA.",
    "fleur.voor\u200cbeeldsma",
    "fleur.voor\u206abeeldsma",
    "nummer 8812345678.",
    "id:8812345678",
    "t3_8812345678",
    "nr8812345678x",
    "#FleurVanVoorbeeldsmaÉté",
    "FleurVanVoorbeeldsmaÉté's werk",
    "#dankFleurVanVoorbeeldsmaÉté",
    "#fleur_van_voorbeeldsma-été",
    "Dank Fleur van Voorbeeldsma-Été".translate(BOLD),
    "fleur.voorbeeldsma".translate(FULL_WIDTH),
    "nummer 8812345678".translate(FULL_WIDTH),
    "\U0001f600" + "8812345678" + "\U0001f600",
]


@pytest.fixture(scope="module")
def disguised(tmp_path_factory):
    """Return what is published of each disguise."""
    return published(tmp_path_factory.mktemp("disguised"), *(f"Vandaag {text} en verder" for text in DISGUISES))


def test_a_link_that_shows_without_a_name_is_masked(tmp_path):
    """What is invisible goes with a name, and with it what parted the link; the search would stop at that."""
    shown = published(tmp_path, "zie http:\u200b//x, dank Fleur van Voorbeeldsma-Été")
    assert shown == ["zie [link] dank [naam]"]


@pytest.mark.parametrize("number", range(len(DISGUISES)))
def test_found_in_disguise(disguised, number):
    """Another case, space, accent form, invisible character or neighbour does not save a name, handle or id."""
    shown = disguised[number]

    assert "[naam]" in shown
    plain = unicodedata.normalize("NFKC", shown).lower()
    assert not [word for word in ("voorbeeld", "8812345678") if word in plain]


def test_no_letter_in_another_shape_is_passed_over(tmp_path):
    """DuckDB asks Python about every sign that has a usual shape: its ranges of blocks leave none out."""
    signs = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    with vault(tmp_path) as con:
        con.execute(statement("plain"))
        kept = con.execute("select sign from unnest($signs) as s(sign) where unstyled(sign) = sign", {"signs": signs})

        assert [sign for (sign,) in kept.fetchall() if usual(sign) != sign] == []


LOOK_ALIKES = [
    ("De fleurige voorbeelden van gisteren", {}),
    ("98812345678 mensen", {"author_id": "881234"}),
    ("anderhalf uur", {"handle": "ande"}),
    ("het teamwerk", {"handle": "team"}),
    ("doe aan kennisdeling", {"handle": "kennisdeling", "display_name": "Kennisdeling"}),
    ("doe aan #EmployerBranding", {"display_name": "Employer Branding"}),
    ("van jobo en jobos", {"display_name": "Jo Bo"}),
]
FEW_LETTERS = [
    ("jke", "Joke", "12345", "Dank Joke, groeten aan jke (12345) en [account]"),
    ("jkes", "Jokes", "123456", "Dank [naam], groeten aan [naam] ([naam]) en [account]"),
]
ON_SERVERS = [
    ("mastodon", "janvoorbeelds", "hr.example"),
    ("bluesky", "pietvoorbeelds", "bsky.social"),
    ("bluesky", "klaasvoorbeelds", "example"),
]
IN_BOLD = "Sanne van Voorbeeldsma"


def to_few_letters(handle, name, author_id):
    """Thank somebody in every way."""
    return f"Dank {name}, groeten aan {handle} ({author_id}) en @{handle}"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What is published of each text below, in one file of all of their people."""
    people = [{"author_id": f"66{at:06d}"} | somebody for at, (_, somebody) in enumerate(LOOK_ALIKES)]
    texts = [text for text, _ in LOOK_ALIKES]
    for handle, name, author_id, _ in FEW_LETTERS:
        people.append({"handle": handle, "display_name": name, "author_id": author_id})
        texts.append(to_few_letters(handle, name, author_id))
    for platform, name, server in ON_SERVERS:
        handle = f"{name}{'@' if platform == 'mastodon' else '.'}{server}"
        people.append({"platform": platform, "author_id": f"68{name}", "handle": handle})
        texts += [f"Dank {name.title()} en #{name}!", f"Op {server}"]
    people.append({"author_id": "67000000", "display_name": IN_BOLD.translate(BOLD)})
    texts.append(f"Dank {IN_BOLD}!")
    found = published(tmp_path_factory.mktemp("shown"), *texts, people=people)
    return dict(zip(texts, found, strict=True))


def test_a_display_name_in_bold_is_found(shown):
    """Many write their own name so; others write it in ordinary letters."""
    assert shown[f"Dank {IN_BOLD}!"] == "Dank [naam]!"


@pytest.mark.parametrize("text", [text for text, _ in LOOK_ALIKES])
def test_what_only_looks_like_a_name_stays(shown, text):
    """A part of a name, of a number or of a short handle is no name, nor is a word of the codebook."""
    assert shown[text] == text


@pytest.mark.parametrize(("handle", "name", "author_id", "left"), FEW_LETTERS)
def test_names_of_a_few_letters_stay(shown, handle, name, author_id, left):
    """Handles of three, names of four, ids of five: they are too often words; after an @ all are masked."""
    assert shown[to_few_letters(handle, name, author_id)] == left


@pytest.mark.parametrize(("platform", "name", "server"), ON_SERVERS)
def test_a_handle_is_found_without_its_server(shown, platform, name, server):
    """As people write it; the server alone is nobody's name."""
    assert shown[f"Dank {name.title()} en #{name}!"] == "Dank [naam] en #[naam]!", platform
    assert shown[f"Op {server}"] == f"Op {server}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Dank Willem Zandstra, tot morgen!", "Dank [naam], tot morgen!"),
        ("Dank Willem Zandstra Grootveld en Willem!", "Dank [naam] en [naam]!"),
    ],
)
def test_a_name_within_another_takes_no_more_than_that(tmp_path, text, shown):
    """Who is called Willem does not cost what is said of Willem Zandstra its other words."""
    people = [
        {"author_id": f"88{number}11111", "handle": f"wz_hr{number}", "display_name": name}
        for number, name in enumerate(["Willem", "Willem Zandstra", "Zandstra Grootveld"])
    ]
    assert published(tmp_path, text, people=people) == [shown]


def test_who_is_called_as_a_part_of_a_label_stops_no_publishing(tmp_path):
    """The labels that the model gives are words of our own."""
    somebody = {"handle": "adv_hr9", "display_name": "Recruit"}
    assert published(tmp_path, "Vandaag mooi weer", people=(somebody,)) == ["Vandaag mooi weer"]


@pytest.mark.parametrize("name", ["[naam]", "[account]", "[[naam", "naam]]"])
def test_who_is_called_as_a_mark_stops_no_publishing(tmp_path, name):
    """Marks are no words of people; nor is a part of one, which the next mark would bring back."""
    people = (SOMEBODY, {"author_id": "8811111", "handle": "adv_hr9", "display_name": name})
    text = "Dank Fleur van Voorbeeldsma-Été en @iemand"
    assert published(tmp_path, text, people=people) == ["Dank [naam] en [account]"]


SIGNS = [" - ", "\u00a0\u2013 ", " • ", " · ", ": ", " / ", " @ ", " [", " | ", ", ", " ("]


def test_a_name_is_found_without_what_its_owner_writes_behind_it(tmp_path):
    """Whatever sign parts the job from the name; a single word before such a sign is too often no name."""
    surnames = [f"Jonkvrouwe{letter}" for letter in "abcdefghijk"]
    people = [
        {"author_id": f"88{at:05d}", "handle": f"adv_hr{at}", "display_name": f"Anna {surname}{sign}recruiter"}
        for at, (surname, sign) in enumerate(zip(surnames, SIGNS, strict=True))
    ]
    people += [
        {"author_id": "8900001", "handle": "adv_hr91", "display_name": "Vacature @ Waterbroek"},
        {"author_id": "8900002", "handle": "adv_hr92", "display_name": "Jan-Willem Jonkvrouwez"},
    ]
    texts = [f"Dank Anna {surname}!" for surname in surnames]
    shown = published(tmp_path, *texts, "Een vacature voor Jan", people=people)
    assert shown == ["Dank [naam]!"] * len(texts) + ["Een vacature voor Jan"]


def test_the_last_part_of_an_address_is_an_id(tmp_path):
    """Of a post whose id is an address, its last part alone is found too."""
    with vault(tmp_path) as con:
        load(con, post(1, platform="bluesky", post_id="at://did:plc:abcdefgh/app.bsky.feed.post/3kabcdefghi2x"))
        load(con, post(2, text="zie 3kabcdefghi2x hier"))
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb")

    with duckdb.connect(str(tmp_path / "etalage.duckdb"), read_only=True) as read:
        assert read.execute("select count(*) from core.posts where text like '%3kabc%'").fetchone() == (0,)


@pytest.mark.parametrize("seed", range(3))
def test_finds_what_comparing_everything_finds(tmp_path, seed):
    """On texts that glue pieces of names together at random, nothing remains that a search of every pair would find."""
    chance = random.Random(seed)  # noqa: S311 -- repeatable, not secret
    pieces = ["anna", "ann", "bo", "de", "vries", "anna-", "x.y", "_", "é", "12", "van", "Bo.De", "ﬁ", "zz"]
    people = []
    for number in range(60):
        handle = "".join(chance.choice([*pieces, "_", "."]) for _ in range(chance.randint(2, 4)))
        name = chance.choice([" ", "  ", "-"]).join(chance.choice(pieces) for _ in range(chance.randint(2, 4)))
        people.append({"author_id": f"99{number:06d}", "handle": handle, "display_name": name})
    with vault(tmp_path) as con:
        load(con, *(post(number, **person, text="niets") for number, person in enumerate(people)))
        loose = []
        for _ in range(400):
            person = chance.choice(people)
            said = chance.choice([person["handle"], person["display_name"].upper(), person["author_id"]])
            glue = chance.choices(["", " ", ".", "-", "\n", "\u00a0", "\u2019s ", "x", ",", "\u200b"], k=3)
            loose.append(f"woord{glue[0]}{said}{glue[1]}{chance.choice(pieces)}{glue[2]}slot")
        load(con, *(post(1_000 + number, text=text) for number, text in enumerate(loose)))
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb")

    with duckdb.connect(str(tmp_path / "etalage.duckdb"), read_only=True) as read:
        texts = [plain(text) for (text,) in read.execute("select text from core.posts").fetchall()]
    names = {plain(person["display_name"]).strip() for person in people}
    anywhere = {needle for needle in names | {plain(person["handle"]) for person in people} if len(needle) >= 6}
    assert not [(needle, text) for text in texts for needle in anywhere if needle in text]
    assert not [text for text in texts if re.search(r"(?<!\d)99\d{6}(?!\d)", text)]
    assert sum("[naam]" in text for text in texts) > 200


def plain(text):
    """Write a text as the search compares it."""
    text = re.sub("[\u00ad\u200b-\u200f]", "", unicodedata.normalize("NFC", text)).lower()
    return re.sub(r"\s+", " ", text)
