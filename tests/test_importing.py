"""`etalage import` as a person runs it: files into the vault and the published file, once and resumably."""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
import zstandard
from etalage_command import Etalage
from fake_x import post, user

from connectors.files.reading import read_pages
from flows.columns import columns_for, parsed
from flows.errors import InputError
from flows.importing import import_files
from flows.opening import opened
from flows.panel import COLUMNS as PANEL
from flows.settings import Settings, SettingsError
from flows.state import write_state
from warehouse import tombstones
from warehouse.keys import read_keys
from warehouse.vault import open_vault

HEADING = "datum,bericht,wie,functie"
ROWS = [
    "2026-03-01 09:00,Wij zoeken een HR-adviseur voor ons team,noor_verzonnen,HR-adviseur",
    "2026-03-02 10:30,Vandaag gesproken op een congres over verzuim,joris_verzonnen,HR-manager",
]
COLUMNS = "text=bericht,created_at=datum,handle=wie,bio=functie,platform==x"


@pytest.fixture
def alone(tmp_path) -> Etalage:
    """The command in an empty folder; an import needs no Prefect server."""
    return Etalage(tmp_path)


def table(command, *rows, name="posts.csv"):
    """Write a table beside the command and return its name."""
    (command.place / name).write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
    return name


def stored(command, query):
    """Rows of the vault that a command filled."""
    with open_vault(command.home / "vault.duckdb", read_keys(command.home / "keys", None).vault) as con:
        return con.execute(query).fetchall()


def test_a_table_is_taken_in_once_and_its_columns_are_kept(alone):
    """The second time nothing is new; another file with the same heading needs no columns; a bad row is named."""
    first = alone("import", "table", table(alone, *ROWS), "--columns", COLUMNS, "--json")
    again = alone.here("import", "table", "posts.csv", "--json")
    table(alone, ROWS[0], "gisteren,Zonder datum,noor_verzonnen,", name="more.csv")
    other = alone.here("import", "table", "more.csv")

    assert (first.returncode, again.returncode, other.returncode) == (0, 0, 0), first.stderr + again.stderr
    counts = json.loads(first.stdout)["counts"]
    assert (counts["inserted"], counts["annotated"]) == (2, 2)
    told = json.loads(again.stdout)
    assert [told["files"][0]["state"], told["counts"].get("inserted", 0)] == ["already imported", 0]
    assert "0 new posts" in other.stdout
    assert "more.csv line 3" in other.stdout
    assert stored(alone, "select count(*) from posts") == [(2,)]
    assert alone.sql("select count(*) as n from core.posts") == [{"n": 2}]
    assert not any("posts.csv" in query for (query,) in stored(alone, "select query from windows"))
    assert (alone.home / "columns.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["facebook", "posts.csv"], ["'facebook'", "twarc"]),
        (["table", "nowhere.csv"], ["nowhere.csv", "not a file"]),
        (["table", "posts.csv"], ["posts.csv", "--columns", "bericht"]),
        (["table", "posts.csv", "--columns", "text=bericht"], ["posts.csv", "'platform'"]),
        (["table", "posts.csv", "--columns", "text"], ["field=column"]),
        (["table", "posts.csv", "--columns", COLUMNS.replace("datum", "dag")], ["'dag'", "datum"]),
    ],
)
def test_what_cannot_be_read_gets_one_line_and_makes_nothing(alone, arguments, words):
    """The line names the place and the remedy; no vault is made."""
    table(alone, *ROWS)
    answer = alone.here("import", *arguments)

    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert [word for word in words if word not in answer.stderr] == []
    assert not (alone.home / "vault.duckdb").exists()


def test_a_column_of_jsonl_need_not_be_in_its_first_rows(tmp_path):
    """JSONL has no heading to hold a mapping against; a CSV file has, and a mapping that names another is refused."""
    rows = [{"datum": "2026-03-01", "bericht": f"rij {number}"} for number in range(150)]
    lines = [json.dumps(row) for row in [*rows, {**rows[0], "gewijzigd": "2026-03-02"}]]
    (file := tmp_path / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    given = "text=bericht,created_at=datum,edited_at=gewijzigd,platform==x"

    assert columns_for(tmp_path / "data", file, given, None)["edited_at"] == "gewijzigd"
    assert columns_for(tmp_path / "data", file, None, None)["edited_at"] == "gewijzigd"
    (heading := tmp_path / "posts.csv").write_text("datum,bericht\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column 'gewijzigd'"):
        columns_for(tmp_path / "data", heading, given, None)


def test_the_example_of_the_line_works(tmp_path):
    """Who adds to --columns what the line about a missing platform shows has a mapping that works."""
    (file := tmp_path / "posts.csv").write_text("datum,bericht\n", encoding="utf-8")
    given = "text=bericht,created_at=datum"
    with pytest.raises(InputError, match="'platform'") as told:
        columns_for(tmp_path / "data", file, given, None)

    [example] = re.findall(r"\S+==\w+", str(told.value))
    assert columns_for(tmp_path / "data", file, f"{given},{example}", None)["platform"] == "=linkedin"


PACKED = gzip.compress("\n".join([HEADING, *ROWS]).encode())
UNREADABLE = {
    "cut.csv.gz": (PACKED[:60], "cannot be unpacked"),
    "damaged.csv.gz": (PACKED[:10] + b"\xff" * 50, "cannot be unpacked"),
    "damaged.csv.zst": (zstandard.compress(HEADING.encode())[:4] + b"\xff" * 50, "cannot be unpacked"),
    "endless.csv": (b"x" * 131_073 + b",bericht\n", "the heading cannot be read"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_damaged_table_gets_one_line_that_names_it(alone, name):
    """Whether its packing is cut or wrong, or its heading is no heading."""
    content, words = UNREADABLE[name]
    (alone.place / name).write_bytes(content)
    answer = alone.here("import", "table", name, "--columns", COLUMNS)

    assert answer.returncode == 2, answer.stderr
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.startswith(f"etalage: {name}: {words}: ")


def test_lines_in_utf_16_are_no_complete_import(tmp_path):
    """As Windows PowerShell writes them; the reason names the file and the remedy."""
    (file := tmp_path / "twarc.jsonl").write_text(json.dumps(post()) + "\n", encoding="utf-16")
    [told] = import_files(Settings(home=tmp_path / "data", _env_file=None), "twarc", [file], {}, None)["files"]

    assert (told["state"], told["pages"]) == ("failed", 0)
    assert told["reason"] == f"{file}: is written in UTF-16: save it as UTF-8"


def test_an_import_that_was_killed_goes_on_behind_its_last_page(tmp_path, monkeypatch):
    """What was stored stays; the next time only the rest is read, and no row counts twice."""
    rows = [f"2026-03-01 09:{number:02},Bericht {number} over werk,noor_verzonnen,HR-adviseur" for number in range(9)]
    file = tmp_path / "posts.csv"
    file.write_text("\n".join([HEADING, *rows]), encoding="utf-8")
    settings = Settings(home=tmp_path / "data", _env_file=None)
    columns = {file: columns_for(settings.home, file, COLUMNS, None)}
    monkeypatch.setattr("connectors.files.reading.ROWS", 2)

    def killed(*arguments, **options):
        pages = read_pages(*arguments, **options)
        yield next(pages)
        yield next(pages)
        raise SystemExit(137)

    with monkeypatch.context() as broken:
        broken.setattr("flows.importing.read_pages", killed)
        with pytest.raises(SystemExit):
            import_files(settings, "table", [file], columns, None)
    result = import_files(settings, "table", [file], columns, None)

    assert [result["files"][0]["state"], result["files"][0]["pages"]] == ["complete", 3]
    with opened(settings) as (con, _):
        assert con.execute("select count(*), count(distinct post_id) from posts").fetchall() == [(9, 9)]
        assert con.execute("select count(*) from pages").fetchall() == [(5,)]


def listening(tmp_path, row):
    """Settings with a panel of one row, and a file with a post by Anna and one by Bob."""
    hour_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    people = [user("601", "anna", name="Anna Verzonnen"), user("602", "bob", name="Bob Verzonnen")]
    posts = [post(hour_ago, "Bericht over ons werk", id=f"200{one['id']}", author_id=one["id"]) for one in people]
    told = {"data": posts, "includes": {"users": people}, "__twarc": {"retrieved_at": hour_ago.isoformat()}}
    (tmp_path / "twarc.jsonl").write_text(json.dumps(told) + "\n", encoding="utf-8")
    (tmp_path / "panel.csv").write_text(f"{','.join(PANEL)}\n{row}\n", encoding="utf-8")
    return Settings(home=tmp_path / "data", panel={"file": tmp_path / "panel.csv"}, _env_file=None)


def test_who_opted_out_is_not_taken_in(tmp_path):
    """An opt-out that no run has read yet holds for a file too: neither stored nor published, and buried."""
    settings = listening(tmp_path, ",x,anna,,,,,,opt-out")
    result = import_files(settings, "twarc", [tmp_path / "twarc.jsonl"], {}, None)

    assert (result["counts"]["opted_out"], result["counts"]["inserted"]) == (1, 1)
    with opened(settings) as (con, keys):
        assert con.execute("select handle from authors").fetchall() == [("bob",)]
        assert con.execute("select count(*) from pages where payload ilike '%anna%'").fetchall() == [(0,)]
        assert tombstones.gone(con, keys.pseudonym).handle("x", "anna")
    with duckdb.connect(settings.home / "etalage.duckdb", read_only=True) as published:
        assert published.execute("select count(*) from core.posts").fetchall() == [(1,)]


def test_a_wrong_row_of_the_panel_stops_an_import(tmp_path):
    """It may have been an opt-out: the line says where, and no vault is made."""
    settings = listening(tmp_path, ",x,anna,,,,,,optout")
    with pytest.raises(SettingsError, match=r"panel\.csv line 2"):
        import_files(settings, "twarc", [tmp_path / "twarc.jsonl"], {}, None)

    assert not settings.home.exists()


def test_a_mapping_that_names_somebody_is_not_kept(tmp_path):
    """It would stand there in plain words, where no erasure looks; one from before goes at the next import."""
    file, home = tmp_path / "posts.csv", tmp_path / "data"
    file.write_text("tekst,datum\nHallo,2026-03-01\n")
    given = "platform==x,text=tekst,created_at=datum"
    named = f"{given},handle==noortje_geheim,display_name==Noortje Geheimhouder"

    assert columns_for(home, file, named, None)["handle"] == "=noortje_geheim"
    assert not (home / "columns.json").exists()
    write_state(home, "columns.json", {"before": {"platform": "=x", "handle": "=noortje_geheim"}})
    columns_for(home, file, given, None)

    assert "noortje" not in (home / "columns.json").read_text()
    assert columns_for(home, file, None, None) == parsed(given)
