"""Thirty nights of 20,000 new posts each: what a night costs in time and memory, and how the files grow.

    uv run python tests/benchmarks/soak.py [--nights 30] [--posts 20000]
    uv run python tests/benchmarks/soak.py --after 20 --nights 3     # the nights after twenty unmeasured ones
    uv run python tests/benchmarks/soak.py --model                   # annotated by the model that ships, not made up

Each night is a process of its own, as with cron: open the vault, collect 200 pages, load, annotate, publish, report,
close; every seventh night somebody asks to be erased, and the vault is compacted. Only the pages and, without
`--model`, the annotations are made up (`produced.py`); Prefect, which is the same every night, is left out.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from produced import START, Produced, annotate
from stocked import KEY, PSEUDONYM

from connectors import cutting
from connectors.source import Window
from flows import steps
from flows.collect import Collecting, collect_window
from flows.forgetting import forgetting
from warehouse import ledger, runs, tombstones
from warehouse.compaction import compact
from warehouse.erasure import erase
from warehouse.erasure_requests import author_request
from warehouse.publish import publish
from warehouse.report import write_report
from warehouse.vault import Connection, open_vault

ERASE_EVERY = 7


def night(home: Path, number: int, posts: int, by_model: bool, told: Any) -> None:
    """Do one night's work and tell what it took."""
    row: dict[str, Any] = {"night": number}

    @contextmanager
    def timing(step: str) -> Iterator[None]:
        wall, used = time.perf_counter(), time.process_time()
        yield
        row[step] = (round(time.perf_counter() - wall, 2), round(time.process_time() - used, 2))

    vault, source = home / "vault.duckdb", Produced(posts)
    since = START + timedelta(days=number - 1)
    with timing("all"):
        with timing("open"):
            opening = open_vault(vault, KEY)
            con = opening.__enter__()
        run_id = runs.start_run(con, "nightly")
        with timing("collect"):
            _collect(con, source, Window("x", "search:#hr", since, since + timedelta(days=1)), run_id)
        with timing("load"):
            steps.load.fn(con, PSEUDONYM)
        with timing("annotate"):
            steps.annotate.fn(con, None, Event()) if by_model else annotate(con)
        if number % ERASE_EVERY == 0:
            with timing("erase"):
                erase(con, author_request(con, f"verzonnen_{number}@x"), "asked", key=PSEUDONYM, cutting=cutting)
        runs.finish_run(con, run_id, "ok", {})
        with timing("publish"):
            row["posts"] = publish(con, home / "etalage.duckdb").posts
        with timing("report"):
            write_report(home / "etalage.duckdb", home / "report.html")
        with timing("close"):
            opening.__exit__(None, None, None)
        if number % ERASE_EVERY == 0:
            with timing("compact"):
                compact(vault, KEY)
    row["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    row["vault_mb"] = round(vault.stat().st_size / 1e6, 1)
    row["published_mb"] = round((home / "etalage.duckdb").stat().st_size / 1e6, 1)
    told.send(row)


def fill(home: Path, nights: int, posts: int) -> None:
    """Bring in what so many nights collect, without publishing."""
    source = Produced(posts)
    with open_vault(home / "vault.duckdb", KEY) as con:
        for number in range(nights):
            since = START + timedelta(days=number)
            run_id = runs.start_run(con, "nightly")
            _collect(con, source, Window("x", "search:#hr", since, since + timedelta(days=1)), run_id)
            steps.load.fn(con, PSEUDONYM)
            annotate(con, posts, posts)
            runs.finish_run(con, run_id, "ok", {})
    compact(home / "vault.duckdb", KEY)


def _collect(con: Connection, source: Produced, window: Window, run_id: str) -> None:
    ledger.plan(con, [window])
    forget = forgetting(tombstones.gone(con, PSEUDONYM))
    collecting = Collecting(con, run_id, {"x": source}, lambda _: None, forget=forget)
    for one in ledger.open_windows(con):
        collect_window(collecting, one.window)


def main() -> None:
    """Print one JSON line a night: [wall, processor] seconds a step, peak memory, file sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--after", type=int, default=0, help="nights only collected before the first")
    parser.add_argument("--model", action="store_true", help="annotate by the model that ships")
    given = parser.parse_args()
    context = get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        if given.after:
            filler = context.Process(target=fill, args=(Path(folder), given.after, given.posts))
            filler.start()
            filler.join()
        for number in range(given.after + 1, given.after + given.nights + 1):
            ours, theirs = context.Pipe()
            worker = context.Process(target=night, args=(Path(folder), number, given.posts, given.model, theirs))
            worker.start()
            theirs.close()
            row = ours.recv()
            worker.join()
            print(json.dumps(row | {"machine_load": os.getloadavg()[0]}), flush=True)  # noqa: T201 - its output


if __name__ == "__main__":
    main()
