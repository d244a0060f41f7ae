"""How accounts stand at X, Bluesky, Mastodon and blogs, and who is suggested; more: test_panel.py."""

from datetime import timedelta

from collecting import patience
from fake_x import FakeX, user
from loopback import Told, serving
from stocked import START, annotate, load, post
from test_feeds import ENTRY, rss

from connectors.bluesky.source import BlueskySource
from connectors.feeds.source import FeedsSource
from connectors.mastodon.source import MastodonSource
from connectors.x.source import XSource
from flows.erasing import erase_in
from flows.opening import opened
from flows.panel_check import check_panel
from flows.panel_suggest import accept, suggest
from flows.settings import Settings
from warehouse.erasure_requests import author_request
from warehouse.tombstones import bury

HEADING = "person,platform,handle,role,organisation,sector,eligibility,date,consent"
UNSEEN = [{"val": "!no-unauthenticated"}]


def standings(found):
    """Return how each account stands."""
    return {handle: account.standing for handle, account in found.items()}


def at_bluesky(asked):
    """Answer as Bluesky does: of many, those whom nobody knows are left out; of one, the reason is told."""
    profiles = {
        "anna.example": {"did": "did:plc:anna", "handle": "anna.example"},
        "dicht.example": {"did": "did:plc:dicht", "handle": "dicht.example", "labels": UNSEEN},
        "nieuw.example": {"did": "did:plc:oud", "handle": "nieuw.example"},
        "vergeven.example": {"did": "did:plc:ander", "handle": "vergeven.example"},
        "handle.invalid": {"did": "did:plc:los", "handle": "handle.invalid"},
    }
    by_did = {profile["did"]: profile for profile in profiles.values()}
    if asked.path.endswith("getProfiles"):
        wanted = asked.lists["actors"]
        return Told({"profiles": [profiles[name] for name in wanted if name in profiles]})
    actor = asked.query["actor"]
    if actor == "did:plc:geschorst":
        return Told({"error": "AccountTakedown", "message": "Account has been suspended"}, 400)
    found = profiles.get(actor) or by_did.get(actor)
    return Told(found) if found else Told({"error": "InvalidRequest", "message": "Profile not found"}, 400)


def test_bluesky_tells_all_standings():
    """Found, hidden from outsiders, renamed, given to somebody else, suspended and missing."""
    known = {
        "anna.example": "did:plc:anna",
        "oud.example": "did:plc:oud",
        "vergeven.example": "did:plc:eerst",
        "geschorst.example": "did:plc:geschorst",
        "los.example": "did:plc:los",
    }
    names = ["anna", "dicht", "oud", "vergeven", "geschorst", "weg", "los"]
    with serving(at_bluesky) as server:
        one = BlueskySource(base_url=server.base_url, known_authors=known, waiting=patience())
        found = one.look_up([f"author:{name}.example" for name in names])

    every = ["found", "protected", "renamed", "renamed", "suspended", "missing", "renamed"]
    assert list(standings(found).values()) == every
    assert "does not lead to it" in found["author:los.example"].detail
    assert found["author:oud.example"].detail == "now nieuw.example"
    assert found["author:vergeven.example"].detail == "somebody else goes by this handle now"
    assert not [path for path in server.paths if "feed" in path]
    assert len([path for path in server.paths if path.endswith("getProfiles")]) == 1


def test_an_account_of_x_that_is_named_by_its_number_is_asked_for_by_it():
    """As a name it would fail the request for all the others, being longer than a name can be."""
    users = [user(), user(id="1234567890123456789", username="bram_janssen_hr")]
    with serving(FakeX([], users=users)) as x:
        one = XSource(bearer_token="token-of-noor", base_url=x.base_url, waiting=patience())
        found = one.look_up(["timeline:1234567890123456789", "timeline:noor_vdberg_hr", "timeline:77"])

    assert [found[f"timeline:{name}"].standing for name in ("1234567890123456789", "noor_vdberg_hr")] == ["found"] * 2
    assert found["timeline:77"].standing != "found"
    assert [request.query.get("usernames") for request in x.asked] == [None, "noor_vdberg_hr"]


def test_one_bad_handle_does_not_make_others_look_renamed():
    """When Bluesky refuses a question about many, each is asked about alone and told as it stands."""
    queries = ["author:anna.example", "author:dicht.example", "author:weg.example"]

    def refusing(asked):
        none = Told({"error": "InvalidRequest", "message": "actor must be a valid did or a handle"}, 400)
        return none if asked.path.endswith("getProfiles") else at_bluesky(asked)

    with serving(refusing) as server:
        found = BlueskySource(base_url=server.base_url, waiting=patience()).look_up(queries)

    assert list(standings(found).values()) == ["found", "protected", "missing"]


def at_mastodon(asked):
    """Answer as a server does that knows five names."""
    known = {
        "anna": {"id": "1", "acct": "anna"},
        "dicht": {"id": "2", "acct": "dicht", "suspended": True},
        "verhuisd": {"id": "3", "acct": "verhuisd", "moved": {"acct": "verhuisd@elders.example"}},
    }
    found = known.get(asked.query["acct"])
    return Told(found) if found else Told({"error": "Record not found"}, 404)


def test_mastodon_tells_all_standings_and_one_dead_server_silences_no_other():
    """Found, suspended, moved and missing; of a server that does not answer all are unknown, and it is asked once."""
    with serving(at_mastodon) as well, serving(lambda _asked: Told("", 503)) as ill:
        one = MastodonSource(instances={"hr": well.base_url, "stil": ill.base_url}, waiting=patience())
        accounts = ["noor@stil", "bas@stil", "anna@hr", "dicht@hr", "verhuisd@hr", "weg@hr"]
        found = one.look_up([f"account:{name}" for name in accounts])

    assert list(standings(found).values()) == ["unknown", "unknown", "found", "suspended", "renamed", "missing"]
    assert found["account:verhuisd@hr"].detail == "moved to verhuisd@elders.example"
    assert "503" in found["account:bas@stil"].detail
    assert len(ill.asked) == 4  # one request, with all its patience


def test_blogs_tell_all_standings_and_one_that_is_down_silences_no_other():
    """Found, moved, missing, not a feed, and not answering."""
    told = {
        "/feed": Told(rss(ENTRY)),
        "/moved": Told("", 301, {"location": "https://new.example/feed"}),
        "/gone": Told("", 410),
        "/page": Told("<html><body>Hallo</body></html>"),
        "/down": Told("", 503),
    }
    with serving(lambda asked: told[asked.path]) as blog:
        urls = [blog.base_url + path for path in ("/down", "/feed", "/moved", "/gone", "/page")]
        found = FeedsSource(urls=urls, waiting=patience()).look_up(urls)

    assert list(standings(found).values()) == ["unknown", "found", "renamed", "missing", "unknown"]
    assert "https://new.example/feed" in found[urls[2]].detail


def test_the_panel_is_checked_on_every_platform(tmp_path):
    """One command asks each platform for its own; who opted out is not asked about, LinkedIn is nobody's to ask."""

    def answer(asked):
        if "xrpc" in asked.path:
            return at_bluesky(asked)
        return Told(rss(ENTRY)) if asked.path == "/feed" else at_mastodon(asked)

    file = tmp_path / "panel.csv"
    with serving(answer) as server:
        rows = [
            "p1,bluesky,anna.example,hr,,,bio,2026-03-01,no",
            "p1,mastodon,anna@here.example,hr,,,bio,2026-03-01,no",
            f"p2,feed,{server.base_url}/feed,hr,,,blog,2026-03-01,no",
            "p3,linkedin,noor,hr,,,own export,2026-03-01,yes",
            ",bluesky,wil-niet.example,,,,,,opt-out",
        ]
        file.write_text("\n".join([HEADING, *rows]))
        given = Settings(
            home=tmp_path / "data",
            panel={"file": file},
            bluesky={"base_url": server.base_url},
            mastodon={"instances": {"here.example": server.base_url}},
            _env_file=None,
        )
        found = check_panel(given)

    assert [(one.person, one.platform, one.standing) for one in found] == [
        ("p1", "bluesky", "found"),
        ("p1", "mastodon", "found"),
        ("p2", "feed", "found"),
        ("p3", "linkedin", "unknown"),
    ]
    assert not any("wil-niet" in str(asked.lists) for asked in server.asked)


def test_who_was_rejected_or_opted_out_is_not_suggested_again(tmp_path):
    """Of two authors by a search one is suggested, the other opted out; once rejected, the first is so no more."""
    file, sheet = tmp_path / "panel.csv", tmp_path / "suggestions.csv"
    file.write_text(f"{HEADING}\n,x,Willemijn_2,,,,,,opt-out\n")
    given = Settings(home=tmp_path / "data", panel={"file": file}, _env_file=None)
    with opened(given) as (con, _):
        load(con, post(1), post(2))
        annotate(con)
    first, text = suggest(given, sheet), sheet.read_text()
    heading, row = text.splitlines()
    sheet.write_text(f"{heading}\nreject{row}\n")

    assert (first, "willemijn_1" in text, "willemijn_2" in text) == (1, True, False)
    assert accept(given, sheet) == (0, 0)
    assert suggest(given, sheet) == 0
    assert "willemijn_1" not in file.read_text()


def test_who_is_in_the_panel_by_number_or_by_an_old_name_is_not_suggested(tmp_path):
    """Nor by a Mastodon server's short name. Who has such an old name now is, by number: the name means another."""
    file, sheet = tmp_path / "panel.csv", tmp_path / "suggestions.csv"
    rows = ["x,8800001", "x,zilverreiger", "bluesky,did:plc:koolmees", "mastodon,pimpelmees@nl"]
    file.write_text("\n".join([HEADING, *(f"p{row[-3:]},{row},hr,,,bio,2026-03-01,no" for row in rows)]) + "\n")
    server = {"instances": {"nl": "https://hr.example"}}
    given = Settings(home=tmp_path / "data", panel={"file": file}, mastodon=server, _env_file=None)
    later = START + timedelta(days=9)
    listed = [
        post(1),
        post(2, handle="zilverreiger", query="timeline:zilverreiger"),
        post(9, handle="blauwborst", collected_at=later),  # the same account
        post(3, platform="bluesky", author_id="did:plc:koolmees", handle="mees.example"),
        post(4, platform="mastodon", author_id="https://hr.example/users/p", handle="pimpelmees@hr.example"),
    ]
    with opened(given) as (con, _):
        load(con, *listed)
        annotate(con)
    of_the_panel = suggest(given, sheet)
    with opened(given) as (con, _):
        load(con, post(5, handle="Zilverreiger", collected_at=later))
        annotate(con)
    others = [suggest(given, sheet) for _ in range(2)]
    assert (of_the_panel, others) == (0, [1, 0])
    heading, row = sheet.read_text().splitlines()
    sheet.write_text(f"{heading}\naccept{row}\n")

    assert ",x,8800005," in row
    assert accept(given, sheet) == (1, 0)


def test_who_has_the_name_of_an_opt_out_is_not_suggested(tmp_path):
    """An opt-out keeps out whom its name meant, and whoever goes by it."""
    file = tmp_path / "panel.csv"
    file.write_text(f"{HEADING}\n,x,zilverreiger,,,,,,opt-out\n")
    given = Settings(home=tmp_path / "data", panel={"file": file}, _env_file=None)
    with opened(given) as (con, _):
        load(con, post(2, handle="zilverreiger", query="timeline:zilverreiger"))
        later = START + timedelta(days=9)
        load(con, post(9, handle="blauwborst", collected_at=later), post(5, handle="zilverreiger", collected_at=later))
        annotate(con)

    assert suggest(given, tmp_path / "suggestions.csv") == 0


def test_who_was_erased_is_not_asked_about(tmp_path):
    """Though the panel has a number, or a Mastodon server's short name, where the erasure knew a name."""
    file = tmp_path / "panel.csv"
    with serving(FakeX([], users=[user("8800001", "willemijn_1")])) as x, serving(at_mastodon) as server:
        rows = ["p1,x,8800001", "p2,mastodon,anna@nl"]
        file.write_text("\n".join([HEADING, *(f"{row},hr,,,bio,2026-03-01,no" for row in rows)]))
        given = Settings(
            home=tmp_path / "data",
            panel={"file": file},
            x={"bearer_token": "token-of-noor", "base_url": x.base_url},
            mastodon={"instances": {"nl": server.base_url}},
            _env_file=None,
        )
        with opened(given) as (con, keys):
            load(con, post(1))
            erase_in(con, keys, given.home, author_request(con, "willemijn_1@x"), "asked")
            bury(con, keys.pseudonym, "asked", [("handle", "mastodon", "anna@127.0.0.1")])
        found = check_panel(given)

    assert (found, x.asked, server.asked) == ([], [], [])
