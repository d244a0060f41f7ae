"""The panel: who is listened to, what a wrong row is told, and that who opted out is gone for good."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import fake_reddit
import fake_x
import pytest
from etalage_command import Etalage
from loopback import Told, serving

from connectors.source import Window
from flows.collect import Collecting, collect_window
from flows.opening import opened
from flows.panel import COLUMNS, Panel, panel_of, read_panel
from flows.panel_check import GIVEN, Checked, check_panel
from flows.panel_suggest import SHEET, accept
from flows.settings import Settings, SettingsError
from flows.sources import build_sources, left_out
from flows.steps import annotate, load
from warehouse import ledger, runs
from warehouse.keys import read_keys
from warehouse.vault import open_vault

ROOT = Path(__file__).parent.parent
HEADING = ",".join(COLUMNS)
GOOD = "p01,x,noor_vdberg_hr,hr,Molenwiek,zorg,public bio,2026-03-01,yes"
NOW = datetime.now(UTC).replace(microsecond=0)
INSTANCES = {"mastodon.example": "https://mastodon.example", "hr": "https://hr.example"}


def panel(tmp_path, *rows, heading=HEADING, instances=INSTANCES):
    """Read a panel of these rows."""
    file = tmp_path / "panel.csv"
    file.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return Panel(tuple(read_panel(file, instances)))


def test_the_documented_example_is_a_panel():
    """docs/panel.example.csv has all columns and a person of every platform, and its people become queries."""
    found = Panel(tuple(read_panel(ROOT / "docs/panel.example.csv", INSTANCES)))

    assert {"x", "reddit", "bluesky", "mastodon", "feed", "linkedin"} == {row.platform for row in found.rows}
    assert found.queries("x") == ("timeline:noor_vdberg_hr",)
    assert found.queries("reddit") == ("user:pieter_devos_po",)
    assert found.queries("bluesky") == ("author:noor.hr.example",)
    assert found.queries("mastodon") == ("account:anna@mastodon.example",)
    assert found.queries("feeds") == ("https://blog.example/feed.xml",)


def test_the_documentation_names_every_column():
    """docs/panel.md has a row for each column."""
    page = (ROOT / "docs/panel.md").read_text(encoding="utf-8")

    assert [name for name in COLUMNS if f"| {name} |" not in page] == []


def test_people_are_listened_to_beside_the_queries_and_once(tmp_path):
    """Configured queries come first; who stands in both is asked for once, and an opt-out in neither."""
    found = panel(tmp_path, GOOD, ",x,wil_niet,,,,,,opt-out", "p02,x,@Joris_HR,hr,,,bio,2026-03-01,no")

    asked = found.queries("x", ("search:#hr", "timeline:Noor_vdBerg_hr", "timeline:@Wil_Niet"))
    assert asked == ("search:#hr", "timeline:Noor_vdBerg_hr", "timeline:joris_hr")


def test_a_mastodon_account_is_asked_for_at_its_own_server_or_else_at_the_first(tmp_path):
    """Servers are known by name and by host; without any the person is not asked for."""
    row = "p1,mastodon,anna@{},hr,,,bio,2026-03-01,no"

    assert panel(tmp_path, row.format("hr.example")).queries("mastodon") == ("account:anna@hr",)
    assert panel(tmp_path, row.format("other.example")).queries("mastodon") == (
        "account:anna@other.example@mastodon.example",
    )
    assert panel(tmp_path, row.format("hr.example"), instances={}).queries("mastodon") == ()


def test_people_of_a_platform_without_credentials_are_not_left_out_in_silence(tmp_path):
    """As for queries: the night is partial and says why; an opt-out alone asks for nothing."""
    found = panel(tmp_path, GOOD, ",reddit,wil_niet,,,,,,opt-out")

    [line] = left_out(Settings(home=tmp_path, _env_file=None), found)
    assert line.startswith("x: left out, for the panel has people there and x.bearer_token is not set")


def test_people_at_mastodon_without_a_server_are_not_left_out_in_silence(tmp_path):
    """Nobody can be asked for them; an opt-out alone needs no server."""
    anna = "p1,mastodon,anna@hr.example,hr,,,bio,2026-03-01,no"
    settings = Settings(home=tmp_path, _env_file=None)

    [line] = left_out(settings, panel(tmp_path, anna, instances={}))
    assert line.startswith("mastodon: left out, for the panel has people there and mastodon.instances is not set")
    assert left_out(settings, panel(tmp_path, anna)) == ()
    assert left_out(settings, panel(tmp_path, ",mastodon,wil@niet.example,,,,,,opt-out", instances={})) == ()


def test_accepting_leaves_who_was_in_the_panel_as_they_were(tmp_path):
    """A handle with its @ and a name with a plus go through a spreadsheet's file and come back, however often."""
    file, sheet = tmp_path / "panel.csv", tmp_path / "suggestions.csv"
    before = panel(tmp_path, "p1,x,@anna_hr,hr,+Plus HR,,=bio,2026-03-01,no", ",x,@wil_niet,,,,,,opt-out").rows
    settings = Settings(panel={"file": file}, _env_file=None)
    for number, name in enumerate(("@bram_hr", "@carla_hr"), start=1):
        cells = dict.fromkeys(SHEET, "") | {"decision": "accept", "person": name, "platform": "x", "handle": f"'{name}"}
        cells |= {"eligibility": "bio", "date": "2026-03-02", "consent": "no"}
        sheet.write_text(",".join(SHEET) + "\n" + ",".join(cells.values()) + "\n", encoding="utf-8")

        assert accept(settings, sheet) == (1, 0)
        rows = panel_of(settings).rows
        assert rows[:2] == before
        assert [row.handle for row in rows[2:]] == ["bram_hr", "carla_hr"][:number]
    assert before[0].organisation == "+Plus HR"
    assert "'@anna_hr,hr,'+Plus HR" in file.read_text(encoding="utf-8")


def test_a_spreadsheets_own_way_of_writing_is_read(tmp_path):
    """Semicolons, a byte order mark, columns in another order, empty lines and quotes."""
    heading = ";".join(reversed(COLUMNS))
    row = 'no;2026-03-01;bio\u2028van haar;;"Smit; Zoon";hr;noor;x;p1'
    (found,) = panel(tmp_path, "", row, ";;;;;;;;", heading="\ufeff" + heading).rows

    assert (found.handle, found.organisation, found.consent) == ("noor", "Smit; Zoon", "no")
    assert found.eligibility == "bio\u2028van haar"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("p1,twitter,noor,hr,,,bio,2026-03-01,no", ["line 3", "'twitter'", "bluesky"]),
        ("p1,x,noor,hr,,,bio,2026-03-01,ja", ["line 3", "'ja'", "yes, no, opt-out"]),
        ("p1,x,,hr,,,bio,2026-03-01,no", ["line 3", "handle", "missing"]),
        ("p1,x,noor van den berg,hr,,,bio,2026-03-01,no", ["line 3", "account's name"]),
        ("p1,x,noor_van_den_berg,hr,,,bio,2026-03-01,no", ["line 3", "at most 15 letters", "19 digits"]),
        ("p1,x,noor,chef,,,bio,2026-03-01,no", ["line 3", "'chef'", "hr, marketing, other"]),
        ("p1,x,noor,hr,,,,2026-03-01,no", ["line 3", "eligibility"]),
        (",x,noor,hr,,,bio,2026-03-01,no", ["line 3", "person"]),
        ("p1,x,noor,hr,,,bio,1 maart,no", ["line 3", "'1 maart'", "2026-03-01"]),
        ("p1,x,noor,hr,a,b,c,bio,2026-03-01,no", ["line 3", "10 cells", "quotes"]),
        ('p1,x,"noor,hr,,,bio,2026-03-01,no', ["line 3", "quotes"]),
        ("p1,x,@Noor_vdberg_HR,hr,,,bio,2026-03-01,no", ["line 3", "line 2", "one of the two"]),
        ("p1,mastodon,anna,hr,,,bio,2026-03-01,no", ["line 3", "anna@mastodon.example"]),
        ("p1,feed,http://blog.example/,hr,,,bio,2026-03-01,no", ["line 3", "https"]),
        ("p1,linkedin,noor,hr,,,bio,2026-03-01,no", ["line 3", "donation"]),
    ],
)
def test_a_wrong_row_gets_one_line_with_file_line_and_remedy(tmp_path, row, words):
    """Nothing is passed over: it may have been an opt-out."""
    with pytest.raises(SettingsError) as caught:
        panel(tmp_path, GOOD, row)

    message = str(caught.value)
    assert [word for word in ["panel.csv", *words] if word not in message] == []
    assert "\n" not in message
    assert "noor" not in message  # nor who it is about: the line is sent and kept


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ["panel.csv", "cannot be read"]),
        (b"", ["line 1", "columns"]),
        (b"person,handle\n", ["line 1", "columns", "person,platform,handle"]),
        (f"{HEADING}\n".encode() + b"p1,x,n\xff\n", ["line 2", "UTF-8"]),
        (b"\x00" * 100, ["line 1"]),
    ],
)
def test_a_wrong_file_gets_one_line(tmp_path, content, words):
    """A missing, empty, foreign or binary file is named with what to do."""
    file = tmp_path / "panel.csv"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        panel_of(Settings(panel={"file": file}, _env_file=None))

    assert [word for word in words if word not in str(caught.value)] == []


def stored(command, query):
    """Rows of the vault that a command filled."""
    with open_vault(command.home / "vault.duckdb", read_keys(command.home / "keys", None).vault) as con:
        return con.execute(query).fetchall()


def test_the_panel_is_collected_and_who_opts_out_is_erased_for_good(etalage):
    """Role and organisation come from the panel; after the opt-out nothing is stored, asked for or let in again."""
    noor = [fake_x.post(NOW - timedelta(hours=n), f"Dag {n}") for n in (3, 4)]
    joris = [fake_x.post(NOW - timedelta(hours=5), "Wervend verhaal", author_id="502")]
    users = [fake_x.user(), fake_x.user("502", "joris_hr")]
    file = etalage.place / "panel.csv"
    other = "p02,x,joris_hr,marketing,De Kade,bouw,public bio,2026-03-01,no"
    file.write_text(f"{HEADING}\n{GOOD}\n{other}")
    with serving(fake_x.FakeX(noor + joris, users=users)) as x:
        etalage.configure(
            f'[x]\nbearer_token = "token-of-noor"\nbase_url = "{x.base_url}"\nqueries = ["search:werk"]\n'
            '[panel]\nfile = "panel.csv"\n'
        )
        assert etalage("nightly").returncode == 0
        assert {("501",), ("502",)} == set(stored(etalage, "select distinct author_id from posts"))
        assert etalage.sql("select role, count(*) as n from core.authors group by all order by all") == [
            {"role": "hr", "n": 1},
            {"role": "marketing", "n": 1},
        ]

        file.write_text(f"{HEADING}\n{other}\n,x,Noor_vdBerg_HR,,,,,,opt-out")
        x.asked.clear()
        answer = etalage("nightly")

    assert answer.returncode == 0, answer.stderr
    assert stored(etalage, "select distinct author_id from posts") == [("502",)]
    assert stored(etalage, "select handle from panel") == [("joris_hr",)]
    assert not any("Dag" in text for (text,) in stored(etalage, "select payload from pages"))
    assert "/2/users/501/tweets" not in x.paths
    assert not any("noor" in str(request.query).lower() for request in x.asked)


ABOUT = {
    "noor_vdberg_hr": {"kind": "t2", "data": {"name": "noor_vdberg_hr"}},
    "geschorst": {"kind": "t2", "data": {"name": "geschorst", "is_suspended": True}},
}


def test_check_tells_how_every_account_stands_and_what_that_cost(tmp_path):
    """Found, missing, renamed, protected and suspended, by the real clients; X's look-ups are in the ledger."""
    users = [fake_x.user(), fake_x.user("502", "dicht", protected=True), fake_x.user("503", "nieuwe_naam")]

    def answer(asked):
        if asked.path.startswith("/2/"):
            told = fake_x.FakeX([], users=users)(asked)
            for error in told.body.get("errors", []):
                if error["value"] == "geschorst":
                    error |= {"title": "Forbidden", "detail": "User has been suspended: [geschorst]."}
            return told
        if asked.path == "/api/v1/access_token":
            return fake_reddit.FakeReddit([])(asked)
        body = ABOUT.get(asked.path.split("/")[2])
        return Told(body) if body else Told({"message": "Not Found", "error": 404}, 404)

    file = tmp_path / "panel.csv"
    row = "p,{},{},hr,,,bio,2026-03-01,no"
    names = [("x", name) for name in ("noor_vdberg_hr", "dicht", "oude_naam", "weg", "geschorst")]
    names += [("reddit", name) for name in ("noor_vdberg_hr", "geschorst", "verdwenen")]
    file.write_text("\n".join([HEADING, *(row.format(*name) for name in names), ",x,wil_niet,,,,,,opt-out"]))
    with serving(answer) as platform:
        settings = Settings(
            home=tmp_path / "data",
            panel={"file": file},
            x={"bearer_token": "token-of-noor", "base_url": platform.base_url},
            reddit={"client_id": "id", "client_secret": "secret", "base_url": platform.base_url},
            _env_file=None,
        )
        with opened(settings) as (con, _):
            con.execute(
                "insert into authors values ('x', '503', 'k', 'oude_naam', null, null, now(), now())"
            ).fetchall()
        found = {(one.platform, one.handle): one.standing for one in check_panel(settings)}
        with opened(settings) as (con, _):
            bill = con.execute("select resource, amount, price from reads").fetchall()

    assert list(found.values()) == [
        *("found", "protected", "renamed", "missing", "suspended"),
        *("found", "suspended", "missing"),
    ]
    assert bill == [("user", 3, 0.01)]
    assert not any("wil_niet" in str(request.query) for request in platform.asked)


def found_by_a_query(settings, query, model):
    """Collect a query, load and annotate, as a night does."""
    source = build_sources(settings, sample_anchor=NOW.date())["x"]
    with opened(settings) as (con, keys):
        run_id = runs.start_run(con, "nightly")
        ledger.plan(con, [Window("x", query, NOW - timedelta(days=5), NOW)])
        for one in ledger.open_windows(con):
            collect_window(Collecting(con, run_id, {"x": source}, lambda _: None), one.window)
        load.fn(con, keys.pseudonym)
        annotate.fn(con, model, Event())
        runs.finish_run(con, run_id, "ok", {})


@pytest.mark.parametrize(("elsewhere", "code"), [("found", 0), ("unknown", 3)])
def test_who_gave_an_export_makes_no_check_fail(tmp_path, monkeypatch, elsewhere, code):
    """A donor cannot be asked about at LinkedIn: that is no account that is missing, as one elsewhere may be."""
    rows = [Checked("p1", "x", "noor", elsewhere, ""), Checked("p2", "linkedin", "Saskia", "unknown", GIVEN)]
    monkeypatch.setattr("flows.panel_check.check_panel", lambda _: rows)

    assert Etalage(tmp_path).here("panel", "check").returncode == code


def test_suggestions_wait_for_a_person(tmp_path, quick_model):
    """Who came by a query and says HR is suggested with evidence; only who is accepted joins, and nobody twice."""
    posts = [fake_x.post(NOW - timedelta(hours=n), f"Ons team zoekt collega's {n}") for n in (3, 4)]
    hostile = fake_x.user(description='=HYPERLINK("https://x.example") HR-adviseur bij Molenwiek')
    etalage = Etalage(tmp_path)
    etalage_file = etalage.place / "panel.csv"
    with serving(fake_x.FakeX(posts, users=[hostile])) as x:
        given = {"bearer_token": "token-of-noor", "base_url": x.base_url, "queries": ("search:team",)}
        found_by_a_query(Settings(home=etalage.home, x=given, _env_file=None), "search:team", quick_model)
    etalage.configure('[panel]\nfile = "panel.csv"\n')
    etalage_file.write_text(HEADING + "\n")
    assert "1 new suggestions" in etalage.here("panel", "suggest").stdout

    sheet = etalage.place / "suggestions.csv"
    text = sheet.read_text()
    assert "noor_vdberg_hr" in text
    assert "search:team" in text
    assert "'=HYPERLINK" in text
    assert sheet.stat().st_mode & 0o077 == 0
    assert "0 people taken" in etalage.here("panel", "accept", "suggestions.csv").stdout
    heading, line = text.splitlines()
    sheet.write_text(f"{heading}\naccept{line}\n")
    assert "1 people taken" in etalage.here("panel", "accept", "suggestions.csv").stdout
    assert "0 new suggestions" in etalage.here("panel", "suggest").stdout
    (row,) = read_panel(etalage_file, {})
    assert (row.handle, row.role, row.consent) == ("noor_vdberg_hr", "hr", "no")
