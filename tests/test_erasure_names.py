"""Who is erased stays masked in what others wrote, though the vault knows the name no more."""

import duckdb
import pytest
from stocked import PSEUDONYM, annotate, load, post, vault
from test_masking import BOLD

from connectors import cutting
from warehouse import masking
from warehouse.erasure import Request, erase
from warehouse.erasure_requests import author_request
from warehouse.leaks import lowered
from warehouse.publish import publish
from warehouse.sql import query

ANNA = {"author_id": "8812345678", "handle": "annadevoorbeeld", "display_name": "Anna de Voorbeeld", "bio": None}
WORDS = "Mooi stuk van Anna de Voorbeeld vandaag, dank annadevoorbeeld!"
MASKED = "Mooi stuk van [naam] vandaag, dank [naam]!"
ALONE = Request("post", posts=frozenset({("x", post(1).post_id)}))


def wipe(con, request, reason="asked"):
    """Erase with this test's keys."""
    return erase(con, request, reason, key=PSEUDONYM, cutting=cutting)


def of_anna(con, **changed):
    """Load one post by Anna, and erase her."""
    load(con, post(1, **(ANNA | changed)))
    return wipe(con, author_request(con, f"{(ANNA | changed)['handle']}@x"))


def texts(con):
    """The stored texts, and their masked forms, by number."""
    return con.execute("select text, masked_text from posts order by post_id").fetchall()


def published(con, folder, **how):
    """What is published of the texts."""
    annotate(con)
    publish(con, folder / "etalage.duckdb", key=PSEUDONYM, **how)
    return sorted(text for (text,) in query(folder / "etalage.duckdb", "select text from core.posts").rows)


def test_a_name_run_together_stays_masked(tmp_path):
    """As in a hashtag, though no handle is written so; what others mention goes too, whatever words were made of it."""
    with vault(tmp_path) as con:
        load(con, post(2, text="Dank #AnnaDeVoorbeeld en #Anna_de_Voorbeeld!"))
        annotate(con, lambda _: {"hashtags": ("anna devoorbeeld", "hr")})
        of_anna(con, handle="adv_hr")

        assert texts(con) == [("Dank #[naam] en #[naam]!",) * 2]
        assert con.execute("select hashtags from annotations").fetchall() == [(["hr"],)]


def test_a_handle_within_the_name_leaves_the_rest_of_a_text(tmp_path):
    """What is erased from others' words is erased for good: the name, and nothing else."""
    with vault(tmp_path) as con:
        load(con, post(2, text="Lezing van Anna Jonkvrouwe over verzuim"))
        of_anna(con, handle="jonkvrouwe", display_name="Anna Jonkvrouwe")

        assert texts(con) == [("Lezing van [naam] over verzuim",) * 2]


def test_a_name_goes_wherever_it_stands(tmp_path):
    """Also where its second time has other blanks between its words."""
    with vault(tmp_path) as con:
        load(con, post(2, text="Dank Anna de Voorbeeld, en nog eens: Anna  de\nVoorbeeld"))
        of_anna(con)

        assert texts(con) == [("Dank [naam], en nog eens: [naam]",) * 2]


@pytest.mark.parametrize("reason", ["asked", "retention"])
def test_a_name_stays_masked(tmp_path, reason):
    """Display name and bare handle, whether somebody asked or the last post went by itself."""
    with vault(tmp_path) as con:
        load(con, post(1, **ANNA), post(2, text=WORDS))
        before = published(con, tmp_path)
        wipe(con, ALONE if reason == "retention" else author_request(con, "annadevoorbeeld@x"), reason)

        assert MASKED in before
        assert published(con, tmp_path) == [MASKED]


def test_full_texts_and_other_rules_show_no_name(tmp_path, monkeypatch):
    """The stored text has lost the name too: neither `publish.text = full` nor newer masking brings it back."""
    with vault(tmp_path) as con:
        load(con, post(2, text=WORDS))
        of_anna(con)

        assert published(con, tmp_path, text="full") == [MASKED]
        monkeypatch.setattr(masking, "VERSION", masking.VERSION + 1)
        assert published(con, tmp_path) == [MASKED]


def test_ids_of_posts_that_go_stay_masked(tmp_path):
    """In what others wrote, as before."""
    with vault(tmp_path) as con:
        load(con, post(1), post(8), post(2, text=f"Zie bericht {post(1).post_id}."))
        wipe(con, ALONE, "deleted")

        assert texts(con)[0][1] == "Zie bericht [naam]."


def test_somebody_elses_account_keeps_its_name(tmp_path):
    """Though the name that goes is a part of it; what is masked does not change."""
    with vault(tmp_path) as con:
        load(
            con,
            post(2, text=f"{WORDS} @annadevoorbeeld2 https://x.com/annadevoorbeeld2 mail xannadevoorbeeld2@hr.example"),
        )
        of_anna(con)

        assert texts(con) == [
            (
                f"{MASKED} @annadevoorbeeld2 https://x.com/annadevoorbeeld2 mail x[naam]2@hr.example",
                f"{MASKED} [account] [link] mail [e-mail]",
            )
        ]


def test_what_others_mention_loses_the_name(tmp_path):
    """As an organisation or hashtag that five people mention it would be published, for no needle knows it any more."""
    with vault(tmp_path) as con:
        load(con, post(1, **ANNA), *(post(number) for number in range(2, 8)))
        annotate(
            con, lambda _: {"organisations": ("Anna de Voorbeeld", "Waterbroek"), "hashtags": ("annadevoorbeeld", "hr")}
        )
        wipe(con, author_request(con, "annadevoorbeeld@x"))

        assert con.execute("select distinct organisations, hashtags from annotations").fetchall() == [
            (["Waterbroek"], ["hr"])
        ]


def test_what_changed_is_read_again(tmp_path):
    """And only that."""
    with vault(tmp_path) as con:
        load(con, post(1, **ANNA), post(2, text=WORDS), post(3))
        annotate(con)
        wipe(con, author_request(con, "annadevoorbeeld@x"))

        assert con.execute("select post_id from unread").fetchall() == [(post(2).post_id,)]


@pytest.mark.parametrize(
    ("again", "left"),
    [(WORDS, MASKED), (f"Bewerkt: {WORDS}", f"Bewerkt: {MASKED}"), (WORDS.translate(BOLD), MASKED)],
    ids=["as it was", "edited", "in bold"],
)
def test_a_text_that_comes_again_brings_no_name(tmp_path, again, left):
    """The nights after an erasure collect young posts once more, edited or not."""
    with vault(tmp_path) as con:
        load(con, post(2, text=WORDS))
        of_anna(con)
        load(con, post(2, text=again, likes=99), post(3, text="Iets anders"))

        assert texts(con) == [(left, left), ("Iets anders", "Iets anders")]


def test_an_ordinary_word_is_no_name(tmp_path):
    """An account named after a word that many write takes it away from nobody; a rare name goes."""
    with vault(tmp_path) as con:
        written = "Nieuwe vacature, dank Vacature en Fleurtje!"
        load(con, *(post(number, author_id=f"77000{number}", handle=None, text=written) for number in range(2, 12)))
        load(con, post(12, **(ANNA | {"author_id": "66", "handle": None, "display_name": "Fleurtje"})))
        of_anna(con, handle="vacature", display_name="Vacature")
        wipe(con, Request("post", posts=frozenset({("x", post(12).post_id)})), "deleted")

        assert {text for text, _ in texts(con)} == {"Nieuwe vacature, dank Vacature en [naam]!"}


def test_a_handle_made_of_a_name_is_no_ordinary_word(tmp_path):
    """However many write it."""
    with vault(tmp_path) as con:
        load(con, *(post(number, author_id=f"77000{number}", handle=None, text=WORDS) for number in range(2, 14)))
        of_anna(con)

        assert {text for text, _ in texts(con)} == {MASKED}


@pytest.mark.parametrize("display_name", ["Anna de Voorbeeld", "Anna de Voorbeeld | HR"])
def test_a_hashtag_made_of_a_name_is_no_ordinary_word(tmp_path, display_name):
    """However many write it, mostly in lower case."""
    with vault(tmp_path) as con:
        praise = "Dank #annadevoorbeeld"
        load(con, *(post(number, author_id=f"77000{number}", handle=None, text=praise) for number in range(2, 14)))
        of_anna(con, handle="adv_hr9", display_name=display_name)

        assert set(texts(con)) == {("Dank #[naam]",) * 2}


def test_an_organisations_name_stays(tmp_path):
    """When an account of its own goes; it is an organisation where others say that they work there."""
    with vault(tmp_path) as con:
        load(con, post(2, text="Bij Gemeente Waterbroek"), post(3), post(4))
        annotate(con)
        of_anna(con, handle="gem_wb", display_name="Gemeente Waterbroek")

        assert texts(con)[0][0] == "Bij Gemeente Waterbroek"


def test_an_organisation_that_is_erased_takes_its_name(tmp_path):
    """Also where the model did not see it."""
    with vault(tmp_path) as con:
        load(con, post(2, text="Bij Gemeente Waterbroek"), post(3), post(4))
        annotate(con)
        load(con, post(1, **(ANNA | {"display_name": "Gemeente Waterbroek"})))
        request = author_request(con, "annadevoorbeeld@x")
        wipe(
            con,
            Request("organisation", authors=request.authors, organisations=frozenset({"gemeente waterbroek"})),
        )

        assert texts(con)[0] == ("Bij [naam]", "Bij [naam]")


def test_an_employer_that_is_called_by_a_handle_goes_with_the_account(tmp_path):
    """Bios lose the handle, so what was read in them goes too; two who wrote it are no reason to keep it in a text."""
    with vault(tmp_path) as con:
        bio = {"bio": "HR bij @gem_waterbroek"}
        load(con, post(2, text="Dank gem_waterbroek", **bio), post(3, **bio), post(4, bio="HR bij Gem Waterbroek"))
        annotate(con, lambda _: {"employer": "gem waterbroek"})
        load(con, post(5, bio="HR bij Vrachtwerf"))
        annotate(con, lambda _: {"employer": "Vrachtwerf"})
        publish(con, tmp_path / "etalage.duckdb")
        of_anna(con, handle="gem_waterbroek", display_name="Anna")

        assert con.execute("select employer, role_evidence is null from annotations order by post_id").fetchall() == [
            (None, True),
            (None, True),
            ("gem waterbroek", False),
            ("Vrachtwerf", False),
        ]
        assert texts(con)[0] == ("Dank [naam]",) * 2


def test_no_key_of_an_organisation_keeps_a_handle(tmp_path):
    """Once nobody names it any more."""
    with vault(tmp_path) as con:
        load(con, post(2, bio="HR bij @gem_waterbroek"))
        annotate(con, lambda _: {"employer": "gem waterbroek"})
        publish(con, tmp_path / "etalage.duckdb")
        assert con.execute("select name_key from organisations").fetchall() == [("gem waterbroek",)]
        of_anna(con, handle="gem_waterbroek", display_name="Anna")

        assert con.execute("select name_key from organisations").fetchall() == []


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("\u0130rem Y\u0131ld\u0131z", "\u0130rem Y\u0131ld\u0131z"),
        ("\u0393\u0399\u03a9\u03a1\u0393\u039f\u03a3 \u03a0\u0391\u03a0\u0391\u03a3",) * 2,
        ("Jan Jansen", "Jan\u3164 Jan\U000e0041sen"),
    ],
)
def test_a_name_goes_in_every_alphabet(tmp_path, name, written):
    """Also where lower case is not one letter for one, or something invisible stands in it; nor does it come back."""
    again = post(2, text=f"Dank {written} voor de les")
    with vault(tmp_path) as con:
        load(con, again)
        of_anna(con, handle="xyz_hr", display_name=name)
        load(con, post(2, text=again.text, likes=99))

        assert texts(con) == [("Dank [naam] voor de les",) * 2]
        assert published(con, tmp_path) == ["Dank [naam] voor de les"]


def test_lower_case_is_duckdbs():
    """What is searched for by one is compared by the other."""
    letters = "".join(chr(code) for code in range(0x20, 0x1F000) if not 0xD800 <= code < 0xE000)
    [(theirs,)] = duckdb.sql("select lower($letters)", params={"letters": letters}).fetchall()

    assert [pair for pair in zip(lowered(letters), theirs, strict=True) if len(set(pair)) > 1] == []
