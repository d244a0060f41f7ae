"""Every way in which somebody goes, and every way in which they might come back: none does."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from fake_x import FakeX, post, snowflake, user
from loopback import serving
from peopled import words
from stocked import annotate

from connectors.source import Window
from connectors.x.source import XSource
from flows.collect import Collecting, collect_window
from flows.erasing import erase_now
from flows.forgetting import forgetting
from flows.importing import import_files
from flows.keeping import backup_now, restore_now
from flows.listening import keep_panel
from flows.opening import opened
from flows.panel import COLUMNS, panel_of
from flows.settings import Settings
from flows.steps import load
from flows.sweep import sweep_now
from warehouse import ledger, runs, tombstones
from warehouse.erasure_requests import author_request, organisation_request, post_request

NOW = datetime.now(UTC).replace(microsecond=0)
PEOPLE = [user(str(7000 + one), f"voorbeeld_{one}", name=f"Voorbeeld Persoon {one}") for one in range(5)]
POSTS = [
    post(
        NOW - timedelta(days=30 * (one == 4), hours=1 + one),
        f"Bericht {one} over {'Molenwiek Zorg (nieuw)' if one == 5 else 'ons werk'}",
        id=snowflake(NOW - timedelta(hours=1 + one), one),
        author_id=str(7000 + one % 5),
    )
    for one in range(15)
]
IDS = [item["id"] for item in POSTS]
TWARC = json.dumps({"data": POSTS, "includes": {"users": PEOPLE}, "__twarc": {"retrieved_at": NOW.isoformat()}})


def settings(home, base_url, **more):
    """Settings for X at a loopback address."""
    section = {"bearer_token": "token-of-noor", "base_url": base_url, "queries": ("list:7",)}
    return Settings(home=home, x=section, **more)


def collect(chosen, since, query="list:7"):
    """Collect one window and load it, as a night or a backfill does."""
    with opened(chosen) as (con, keys):
        run_id = runs.start_run(con, "nightly")
        source = XSource(bearer_token="token-of-noor", base_url=chosen.x.base_url, queries=(query,))
        ledger.plan(con, [Window("x", query, since, NOW)])
        forget = forgetting(tombstones.gone(con, keys.pseudonym))
        for one in ledger.open_windows(con):
            collect_window(Collecting(con, run_id, {"x": source}, lambda _: None, forget=forget), one.window)
        load.fn(con, keys.pseudonym)
        runs.finish_run(con, run_id, "ok", {})


def held(chosen):
    """The ids of the posts that are stored, and every word of the vault."""
    with opened(chosen) as (con, _):
        return {post_id for (post_id,) in con.execute("select post_id from posts").fetchall()}, words(con)


def asked(find):
    """Leave by a request from the command line."""
    return lambda chosen, _x: erase_now(chosen, find, "asked", lambda _: True)


def upstream(chosen, x):
    """Leave because the platform says that a post is gone."""
    x.gone[IDS[8]] = "Not Found Error"
    with opened(chosen) as (con, _):
        con.execute(
            "update posts set created_at = created_at - interval 60 day, collected_at = collected_at - interval 60 day "
            "where post_id = $id",
            {"id": IDS[8]},
        )
    sweep_now(chosen)


def opted_out(chosen, _x):
    """Leave by a word in the panel's file."""
    file = chosen.home / "panel.csv"
    row = "iemand,x,voorbeeld_2,hr,,,openbaar profiel,2026-05-01,opt-out"
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    out = chosen.model_copy(update={"panel": chosen.panel.model_copy(update={"file": file})})
    with opened(out) as (con, keys):
        keep_panel(con, keys, out, panel_of(out))


KEPT = Settings().retention.model_copy(update={"x": 20})
WAYS_OUT = {
    "author": (asked(lambda con: author_request(con, "voorbeeld_1@x")), {1, 6, 11}),
    "opt-out": (opted_out, {2, 7, 12}),
    "post": (asked(lambda con: post_request(con, f"https://x.com/voorbeeld_3/status/{IDS[3]}")), {3}),
    "organisation": (asked(lambda con: organisation_request(con, "Molenwiek Zorg")), {5}),
    "sweep": (upstream, {8}),
    "retention": (lambda chosen, _x: sweep_now(chosen.model_copy(update={"retention": KEPT})), {4}),
}


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """What the vault holds after everybody left, and after every way to come back: (ids, words) by moment."""
    folder, seen, x = tmp_path_factory.mktemp("back"), {}, FakeX(POSTS, users=PEOPLE)
    (folder / "twarc.jsonl").write_text(TWARC + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as without, serving(x) as platform:
        without.setattr("flows.importing.annotate", SimpleNamespace(fn=lambda *_: {}))
        without.setattr("flows.erasing.write_report", lambda *_: None)  # seconds, for another test's subject
        chosen = settings(folder / "home", platform.base_url)
        collect(chosen, NOW - timedelta(days=40))
        with opened(chosen) as (con, _):
            annotate(con, lambda row: {"organisations": named(row.text), "employer": None, "role_evidence": None})
        seen["before"] = held(chosen)
        backup_now(chosen, folder / "backups")
        for way, (leave, _) in WAYS_OUT.items():
            leave(chosen, x)
            seen[way] = held(chosen)
        for way, back in ways_back(chosen, folder).items():
            back()
            seen[way] = held(chosen)
    return seen


def named(text):
    """The organisation that a text names."""
    return ("Molenwiek Zorg",) if "Molenwiek" in text else ()


def ways_back(chosen, folder):
    """Every way in which posts come in."""

    def restore_without_vault():
        (chosen.home / "vault.duckdb").write_bytes(b"lost")
        restore_now(chosen, folder / "backups")

    def import_tables():
        """Rows that tell whose they are by their address alone, or by a handle in the column of ids."""
        rows = [
            {"url": f"https://x.com/{PEOPLE[one % 5]['username']}/status/{IDS[one]}", "text": POSTS[one]["text"]}
            for one in (1, 3, 5, 8)
        ]
        rows += [{"user": "@Voorbeeld_2", "text": POSTS[2]["text"]}]
        file = folder / "rows.jsonl"
        file.write_text("".join(json.dumps(row | {"at": NOW.isoformat()}) + "\n" for row in rows), encoding="utf-8")
        columns = {"platform": "=x", "text": "text", "created_at": "at", "url": "url", "author_id": "user"}
        import_files(chosen, "table", [file], {file: columns}, None)

    return {
        "same query": lambda: collect(chosen, NOW - timedelta(days=39)),
        "backfill": lambda: collect(chosen, NOW - timedelta(days=38), query="archive:molenwiek"),
        "import": lambda: import_files(chosen, "twarc", [folder / "twarc.jsonl"], {}, None),
        "table": import_tables,
        "restore": lambda: restore_now(chosen, folder / "backups"),
        "restore of a lost vault": restore_without_vault,
    }


@pytest.mark.parametrize("way", WAYS_OUT)
def test_each_way_out_takes_its_posts(left, way):
    """A request, an opt-out, the sweep and the limit of age take what is theirs and nothing else."""
    at = list(left).index(way)
    before, after = list(left.values())[at - 1][0], left[way][0]

    assert before - after == {IDS[one] for one in WAYS_OUT[way][1]}


@pytest.mark.parametrize("way", ["same query", "backfill", "import", "table", "restore", "restore of a lost vault"])
def test_nothing_comes_back(left, way):
    """By the same query, a backfill, a file or an older backup: no post, id or name returns; all others are there."""
    gone = {one for _, numbers in WAYS_OUT.values() for one in numbers}
    ids, said = left[way]

    assert ids == {post_id for number, post_id in enumerate(IDS) if number not in gone}
    assert [IDS[number] for number in gone if IDS[number] in said] == []
    assert [name for name in ("voorbeeld_1", "voorbeeld_2", "molenwiek zorg (") if name in said] == []
