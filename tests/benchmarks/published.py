"""Publish, rebuild every mart, ask every mart and write the report on generated vaults of growing size.

Run: uv run python tests/benchmarks/published.py [POSTS …]   (default 10000 100000 1000000)
Each size runs in a process of its own, so that peak memory is that size's. Seconds are wall-clock; `cpu` beside them
is the work of all threads, which other jobs on the machine do not change.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from generate import fill
from stocked import KEY

from warehouse import publish as publishing
from warehouse.publish import publish
from warehouse.report import write_report
from warehouse.search import search
from warehouse.sql import open_published
from warehouse.vault import open_vault
from warehouse.vectors import similar


def timed(what: Callable[[], object]) -> dict[str, float]:
    """Return the wall-clock and processor seconds of a call."""
    started, before = time.perf_counter(), os.times()
    what()
    after = os.times()
    used = after.user + after.system - before.user - before.system
    return {"seconds": round(time.perf_counter() - started, 3), "cpu": round(used, 3)}


def megabytes() -> int:
    """Peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(posts: int, folder: Path) -> dict[str, object]:
    """Measure one size; the vault is made by another process before."""
    published = folder / "etalage.duckdb"
    found: dict[str, object] = {"posts": posts}
    marts: dict[str, float] = {"seconds": 0.0, "cpu": 0.0}
    build = publishing.scripts

    def rebuilt(name: str) -> list[tuple[str, str]]:
        """Note when the marts begin; run_checks, which comes after them, notes when they are done."""
        marts.update(started=time.perf_counter(), before=sum(os.times()[:2]))
        return build(name)

    checks = publishing.run_checks

    def noted(con: object) -> int:
        marts["seconds"] = round(time.perf_counter() - marts.pop("started"), 3)
        marts["cpu"] = round(sum(os.times()[:2]) - marts.pop("before"), 3)
        return checks(con)  # type: ignore[arg-type]

    publishing.scripts, publishing.run_checks = rebuilt, noted
    with open_vault(folder / "vault.duckdb", KEY) as con:
        found["publish"] = timed(lambda: publish(con, published))
    found["of which marts"] = marts
    found["published_mb"] = published.stat().st_size // 2**20
    found["peak_mb_publish"] = megabytes()
    found["report"] = timed(lambda: write_report(published, folder / "report.html"))
    found["search_first"] = timed(lambda: search(published, "werving hybride"))
    found["search_again"] = timed(lambda: search(published, "werving hybride"))
    con = open_published(published)
    [[one]] = con.execute("select min(post_key) from core.vectors").fetchall()
    names = con.execute(
        "select table_name from duckdb_tables() where schema_name = 'mart' order by table_name"
    ).fetchall()
    asked = {
        name: round(
            1000
            * min(
                timed(lambda name=name: con.execute(f"from mart.{name} limit 1000").fetchall())["seconds"]
                for _ in range(3)
            )
        )
        for (name,) in names
    }
    whole = "select count(*), max(hash(mart)) from mart.{} as mart"
    counted = {
        name: round(1000 * timed(lambda name=name: con.execute(whole.format(name)).fetchall())["seconds"])
        for (name,) in names
    }
    found["slowest_mart_ms"] = max(asked.values())
    found["slowest_whole_mart_ms"] = max(counted.values())
    found["slowest_whole_mart"] = max(counted, key=lambda name: counted[name])
    con.close()
    found["similar"] = timed(lambda: similar(published, one))
    found["peak_mb"] = megabytes()
    found["load"] = round(os.getloadavg()[0], 1)
    return found


def main() -> None:
    """Print one JSON object a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--step", choices=["fill", "measure"])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    for posts in options.posts:
        if options.step == "fill":
            with open_vault(options.folder / "vault.duckdb", KEY, memory="2GB") as con:
                fill(con, posts)
        elif options.step == "measure":
            print(json.dumps(measure(posts, options.folder)))  # noqa: T201 -- its output
        else:
            with tempfile.TemporaryDirectory() as folder:
                for step in ("fill", "measure"):
                    command = [sys.executable, __file__, str(posts), "--step", step, "--folder", folder]
                    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
