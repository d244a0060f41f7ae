"""Who is erased is masked too in what an interrupted run had stored and not loaded yet."""

import json
from datetime import UTC, datetime, timedelta

import fake_x
import pytest
from stocked import post

from connectors.source import Mapped, Page, Window
from flows.erasing import erase_now
from flows.listening import keep_panel
from flows.loading import load_stored
from flows.opening import opened
from flows.panel import COLUMNS, panel_of
from flows.settings import Settings
from flows.sweep import sweep_now
from warehouse import ledger, runs
from warehouse.erasure_requests import author_request
from warehouse.load import merge_posts
from warehouse.pages import store_page

NOW = datetime.now(UTC).replace(microsecond=0)
LONG_AGO = NOW - timedelta(days=90)
ANNA = post(
    1,
    handle="annavoorbeeld",
    display_name="Anna Voorbeeld",
    bio=None,
    created_at=LONG_AGO,
    collected_at=LONG_AGO,
)
PRAISE = fake_x.post(NOW - timedelta(hours=1), "Gefeliciteerd Anna Voorbeeld met de prijs")


def opted_out(chosen):
    """Leave by a word in the panel's file."""
    file = chosen.home / "panel.csv"
    file.write_text(f"{','.join(COLUMNS)}\nanna,x,{ANNA.handle},hr,,,openbaar profiel,2026-05-01,opt-out\n", "utf-8")
    out = chosen.model_copy(update={"panel": chosen.panel.model_copy(update={"file": file})})
    with opened(out) as (con, keys):
        keep_panel(con, keys, out, panel_of(out))


WAYS_OUT = {
    "asked": lambda chosen: erase_now(
        chosen, lambda con: author_request(con, f"{ANNA.handle}@x"), "asked", lambda _: True
    ),
    "opt-out": opted_out,
    "kept long enough": sweep_now,
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_waiting_page_gives_no_name_back(tmp_path, monkeypatch, way):
    """It is loaded before the erasure, while the vault knows whose name it is."""
    monkeypatch.delenv("ETALAGE_VAULT_KEY", raising=False)
    monkeypatch.setattr("flows.erasing.write_report", lambda *_: None)
    chosen = Settings(home=tmp_path / "home", retention={"x": 80}, sample=True, _env_file=None)
    window = Window("x", "list:7", NOW - timedelta(days=1), NOW)
    with opened(chosen) as (con, keys):
        merge_posts(con, [(0, Mapped((ANNA,)))], keys.pseudonym)
        run_id = runs.start_run(con, "nightly")
        ledger.plan(con, [window])
        ledger.begin(con, window, run_id)
        payload = json.dumps({"data": [PRAISE], "includes": {"users": [fake_x.user()]}})
        store_page(con, window, Page("x/posts", payload, NOW, "complete"), run_id)

    WAYS_OUT[way](chosen)

    with opened(chosen) as (con, keys):
        load_stored(con, keys.pseudonym)
        assert con.execute("select text from posts").fetchall() == [("Gefeliciteerd [naam] met de prijs",)]
