"""Handles in what posts mention: the pipeline writes hashtags as words, and they are found and erased all the same."""

from stocked import PSEUDONYM, annotate, load, post, vault

from connectors import cutting
from nlp.pipeline import blank
from warehouse.erasure import Request, erase
from warehouse.publish import publish
from warehouse.sql import query

MENTIONED = [
    ("x", "willemijn_2", "#willemijn_2"),
    ("x", "marijke__3", "#Marijke__3"),
    ("x", "joris4", "#joris4"),
    ("x", "jan_voorbeelds", "#Jan_VoorBeelds"),
    ("x", "jan_v", "#jan_v"),
    ("x", "PietVoorbeelds", "#dankPietVoorbeelds"),
    ("x", "_klaas_voorbeelds_", "#_klaas_voorbeelds_ #klaas_voorbeelds"),
    ("x", "fleurtje_", "#fleurtje_"),
    ("reddit", "koos-voorbeelds", "#KoosVoorbeelds"),
    ("mastodon", "loes_voorbeelds@hr.example", "#loes_voorbeelds"),
    ("mastodon", "mies_voorbeelds@hr.example", "#MiesVoorbeelds"),
    ("bluesky", "noorvoorbeelds.bsky.social", "#NoorVoorbeelds"),
    ("bluesky", "teun.voorbeelds.example", "#TeunVoorbeelds"),
]
"""Accounts, and how others write of them."""
ORDINARY = [
    ("x", "geluk_"),
    ("x", "_werkgeluk"),
    ("x", "w_g"),
    ("mastodon", "werk@hr.example"),
    ("mastodon", "anders@werkgeluk.example"),
    ("bluesky", "geluk.example"),
    ("x", "employer_branding"),
    ("x", "gemeente_waterbroek"),
]
"""Accounts whose names are nearly a word, a label of the codebook or an organisation that is shown."""
STAYS = [
    ("hashtag", "employer branding"),
    ("hashtag", "werk geluk"),
    ("organisation", "Gemeente Waterbroek"),
]
MORE = "bij Gemeente Waterbroek #WerkGeluk #EmployerBranding"


def owner(number):
    """The id of an account."""
    return f"acct-99887{number:03d}"


def mention_all(con):
    """Of each account seven people write, and it writes itself; the pipeline's own steps read what they mention."""
    made = blank()

    def read(row):
        doc = made.make_doc(row.text)
        for step in ("organisations", "hashtags"):
            made.get_pipe(step).fill([doc])
        return {"organisations": tuple(doc._.organisations), "hashtags": tuple(doc._.hashtags)}

    accounts = [*MENTIONED, *((platform, handle, "") for platform, handle in ORDINARY)]
    for number, (platform, handle, tags) in enumerate(accounts):
        own = {"author_id": owner(number), "handle": handle, "display_name": "J.", "bio": None, "text": "Van mij"}
        text = f"Mooi stuk van @{handle} en bij {handle.title()} {tags} {MORE}" if tags else MORE
        load(con, post(900 + number, platform=platform, **own))
        load(con, *(post(100 + 10 * number + at, text=text) for at in range(7)))
    annotate(con, read)


def test_a_handle_is_no_mention(tmp_path):
    """Nor is a hashtag that holds one, whatever signs and capitals it is written with; what is only like one stays."""
    with vault(tmp_path) as con:
        mention_all(con)
        publish(con, tmp_path / "etalage.duckdb", key=PSEUDONYM)

    assert query(tmp_path / "etalage.duckdb", "select distinct kind, mention from core.mentions order by all").rows == (
        STAYS
    )


def test_what_others_mention_loses_the_handle(tmp_path):
    """For good, where its account is erased; what is only like one stays."""
    accounts = [*MENTIONED, *ORDINARY]
    gone = Request(
        "author",
        authors=frozenset((account[0], owner(number)) for number, account in enumerate(accounts)),
        handles=frozenset((platform, handle.lower()) for platform, handle, *_ in accounts),
    )
    with vault(tmp_path) as con:
        mention_all(con)
        erase(con, gone, "asked", key=PSEUDONYM, cutting=cutting)

        told = "select distinct unnest(hashtags || organisations) from annotations order by all"
        assert con.execute(told).fetchall() == [(mention,) for mention in sorted(mention for _, mention in STAYS)]
