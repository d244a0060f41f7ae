"""A backfill of one million posts, killed with SIGKILL in every tenth window: exactly one million in the end.

    uv run python tests/benchmarks/backfill.py [--windows 500] [--posts 2000]

The work is a run's: collect every open window page by page, load, annotate, publish. In every tenth window it is
killed at a random moment, and three times more while it loads, annotates and publishes; each time another process
goes on from the vault. Pages and annotations are made up (`produced.py`).
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import crash
from produced import PAGE, START, Produced, annotate
from stocked import KEY, PSEUDONYM

from connectors.source import Window
from flows.collect import Collecting, collect_window
from flows.steps import load
from warehouse import ledger, runs
from warehouse.publish import publish
from warehouse.vault import Connection, open_vault

EVERY = 10
LATER = ("loading", "annotating", "publishing")


def windows(number: int) -> list[Window]:
    """The windows of the backfill, an hour each."""
    starts = [START + timedelta(hours=at) for at in range(number)]
    return [Window("x", "archive:#hr", since, since + timedelta(hours=1)) for since in starts]


def work(home: Path, number: int, posts: int, say: Callable[[str], None]) -> None:
    """Go on from wherever the vault is, and say where."""
    source = Produced(posts)
    with open_vault(home / "vault.duckdb", KEY) as con:
        run_id = runs.start_run(con, "backfill")
        ledger.plan(con, windows(number))
        collecting = Collecting(con, run_id, {"x": source}, lambda _: None)
        waiting = ledger.open_windows(con)
        for at, one in enumerate(waiting, number - len(waiting) + 1):
            say(f"window {at}")
            collect_window(collecting, one.window)
        say("loading")
        load.fn(con, PSEUDONYM)
        say("annotating")
        annotate(con, at_once=50_000, a_transaction=5_000)
        runs.finish_run(con, run_id, "ok", {})
        say("publishing")
        publish(con, home / "etalage.duckdb")
    say("done")


def facts(con: Connection) -> dict[str, int]:
    """Count what must be there once."""
    asked = {
        "posts": "select count(*) from posts",
        "different_posts": "select count(distinct post_id) from posts",
        "annotations": "select count(*) from annotations",
        "pages": "select count(*) from pages",
        "pages_by_ledger": "select sum(count_pages) from windows",
        "open_windows": "select count(*) from windows where state <> 'complete'",
        "runs": "select count(*) from runs",
    }
    return {name: int(con.execute(sql).fetchone()[0]) for name, sql in asked.items()}


def main() -> int:
    """Kill, go on, count; print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=500)
    parser.add_argument("--posts", type=int, default=2_000)
    given = parser.parse_args()
    chance, began, expected = random.Random(20), time.monotonic(), given.windows * given.posts  # noqa: S311
    crash.LONGEST = 6 * 3_600.0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)

        def job(say: Callable[[str], None]) -> None:
            work(home, given.windows, given.posts, say)

        every_tenth = range(EVERY, given.windows + 1, EVERY)
        killed = [crash.kill(job, f"window {at}", chance.random() * 0.2) for at in every_tenth]
        killed += [crash.kill(job, step, chance.random() * 5) for step in LATER]
        said = crash.finish(job)
        with open_vault(home / "vault.duckdb", KEY) as con:
            found = facts(con)
        files = {name: (home / name).stat().st_size // 1_000_000 for name in ("vault.duckdb", "etalage.duckdb")}
    is_exact = (found["posts"], found["different_posts"], found["annotations"]) == (expected,) * 3
    is_exact = is_exact and found["pages"] == found["pages_by_ledger"] == expected // PAGE and not found["open_windows"]
    row = {
        "exact": is_exact,
        "kills": len(killed),
        "fell_in": {word: sum(at.startswith(word) for at in killed) for word in ("window", *LATER, "done")},
        **found,
        "last_run_seconds": round(said[-1][1] - said[0][1]),
        "seconds": round(time.monotonic() - began),
        "megabytes": files,
        "machine_load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(row))  # noqa: T201 - its output
    return 0 if is_exact else 1


if __name__ == "__main__":
    sys.exit(main())
