"""The crash harness: kills runs with SIGKILL at random moments of every step, restarts them, and compares.

    PYTHONPATH=.:tests uv run python tests/crash.py --kills 1000 --seed 7

Each *life* is a home of its own, in which runs collect 240 known posts from a loopback X, load, annotate (by a
stand-in), erase one person, publish and compact. A life's runs are killed twenty times, in every step; the last
one is left alone. Then: no post lost, none doubled, nobody erased is back, the ledger agrees, no page was asked for
twice but the one at hand when a run was killed. After every kill the published file, once there is one, has to open
and be whole.

Workers are forked from a process that has imported everything, so that a kill costs a tenth of a second more than
the work it interrupts. `tests/test_crash.py` runs the short form; whole commands are killed in `test_nightly.py`.
"""

import argparse
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import duckdb
from fake_x import FakeX, post, snowflake, user
from loopback import serving
from stocked import KEY, PSEUDONYM, annotation

from connectors import cutting
from connectors.source import Window
from connectors.x.source import XSource
from flows.collect import Collecting, collect_window
from flows.forgetting import forgetting
from flows.steps import load
from warehouse import ledger, runs, tombstones, vault
from warehouse.annotations import merge_annotations, pending
from warehouse.compaction import compact
from warehouse.erasure import erase
from warehouse.erasure_requests import author_request
from warehouse.publish import publish
from warehouse.sqlfiles import scripts
from warehouse.vault import Connection, bare, open_vault

POSTS, PAGE, PEOPLE = 240, 10, 12
STEPS = ("migrating", "collecting", "loading", "annotating", "erasing", "publishing", "compacting")
PLAN = (
    *["migrating"] * 2,
    *["collecting"] * 6,
    *["loading"] * 2,
    *["annotating"] * 4,
    *["erasing"] * 2,
    *["publishing"] * 2,
    *["compacting"] * 2,
)
"""Where a life's runs are killed, in the order in which it gets there."""
NEWEST = datetime(2026, 3, 10, 12, tzinfo=UTC)
WINDOW = Window("x", "list:7", NEWEST - timedelta(hours=POSTS), NEWEST + timedelta(hours=1))
ERASED = "voorbeeld_3"
LEFT = {index for index in range(POSTS) if index % PEOPLE != 3}
MIGRATIONS_BEFORE = 3
LONGEST = 120.0


class Broken(Exception):
    """A promise that did not hold."""


def served() -> FakeX:
    """X with a known set of posts by twelve people who do not exist."""
    moments = [NEWEST - timedelta(hours=index) for index in range(POSTS)]
    posts = [
        post(moment, f"Bericht {at} over ons werk", id=snowflake(moment, at), author_id=str(7000 + at % PEOPLE))
        for at, moment in enumerate(moments)
    ]
    users = [user(str(7000 + one), f"voorbeeld_{one}", name=f"Voorbeeld Persoon {one}") for one in range(PEOPLE)]
    return FakeX(posts, users=users)


def serve(port, asked) -> None:
    """Serve until killed; count the pages asked for."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # those that were killed hang up without a word
    fake = served()

    def answer(request):
        if request.path.startswith("/2/lists/"):
            with asked.get_lock():
                asked.value += 1
        return fake(request)

    with serving(answer) as x:
        port.send(x.base_url)
        signal.pause()


def work(home: Path, base_url: str, say: Callable[[str], None], *, is_published: bool = False) -> None:
    """One run, as `flows.run` does it, without Prefect around it; with `is_published` it does not publish again."""
    check_published(home)
    say("migrating")
    file = home / "vault.duckdb"
    with open_vault(file, KEY, threads=1) as con:
        say("collecting")
        run_id = runs.start_run(con, "nightly")
        collect(con, base_url, run_id)
        say("loading")
        load.fn(con, PSEUDONYM)
        say("annotating")
        annotate_in_batches(con)
        say("erasing")
        if tombstones.gone(con, PSEUDONYM) is None:
            erase(con, author_request(con, f"{ERASED}@x"), "asked", key=PSEUDONYM, cutting=cutting)
        runs.finish_run(con, run_id, "ok", {})
        say("publishing")
        if not is_published:
            publish(con, home / "etalage.duckdb")
    say("compacting")
    compact(file, KEY)
    say("done")


def collect(con: Connection, base_url: str, run_id: str) -> None:
    """Bring the window to its end."""
    source = XSource(bearer_token="token-of-noor", base_url=base_url, queries=(WINDOW.query,), page_size=PAGE)
    ledger.plan(con, [WINDOW])
    forget = forgetting(tombstones.gone(con, PSEUDONYM))
    collecting = Collecting(con, run_id, {"x": source}, lambda _: None, forget=forget)
    for one in ledger.open_windows(con):
        collect_window(collecting, one.window)


def annotate_in_batches(con: Connection) -> None:
    """Annotate with the stand-in, a few posts a transaction."""
    while rows := pending(con, "test-1", 25):
        merge_annotations(con, [(row, annotation(row.text, row.bio)) for row in rows])


def check_published(home: Path) -> None:
    """What analysts have is either not there yet or whole."""
    file = home / "etalage.duckdb"
    if not file.exists():
        return
    with duckdb.connect(str(file), read_only=True) as con:
        (posts,) = con.execute("select count(*) from core.posts").fetchone()
        con.execute("from mart.purpose_share").fetchall()
        con.execute("from mart.trend").fetchall()
    if posts != len(LEFT):
        raise Broken(f"the published file holds {posts} posts instead of {len(LEFT)}")


def prepare(home: Path) -> None:
    """Leave a vault of an earlier version, so that the first run migrates."""
    import warehouse.migrate as migrating  # noqa: PLC0415 - only this process may see it changed

    old = scripts("migrations")[:MIGRATIONS_BEFORE]
    migrating.scripts = lambda _: old
    with open_vault(home / "vault.duckdb", KEY, threads=1):
        pass


def compare(home: Path) -> None:
    """Everything is there once."""
    check_published(home)
    expected = {snowflake(NEWEST - timedelta(hours=index), index) for index in LEFT}
    with open_vault(home / "vault.duckdb", KEY, threads=1) as con:
        found = [post_id for (post_id,) in con.execute("select post_id from posts").fetchall()]
        facts = {
            "lost": len(expected - set(found)),
            "doubled": len(found) - len(set(found)),
            "strange": len(set(found) - expected),
            "annotations": count(con, "select count(*) from annotations") - len(LEFT),
            "metrics": count(con, "select count(*) from metrics") - len(LEFT),
            "unmapped": count(con, "select count(*) from pages where mapped_at is null"),
            "pages": count(con, "select count(*) from pages") - count(con, "select sum(count_pages) from windows"),
            "open": len(ledger.open_windows(con)),
            "back": count(con, f"select count(*) from pages where contains(payload, '{ERASED}\"')"),
            "uncompacted": count(con, "select count(*) from erasures where compacted_at is null"),
            "erasures": count(con, "select count(*) from erasures") - 1,
        }
    left = sorted(path.name for path in home.iterdir() if path.name not in {"vault.duckdb", "etalage.duckdb", "copies"})
    wrong = {name: number for name, number in facts.items() if number} | ({"files": left} if left else {})
    if wrong:
        raise Broken(str(wrong))


def count(con: Connection, sql: str) -> int:
    """The one number that a query gives."""
    return con.execute(sql).fetchone()[0]


def forked(job: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Start a job in a child; return its pid and the end of a pipe on which it says where it is."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    code = 1
    try:
        os.close(reading)
        job(lambda word: os.write(writing, f"{word}\n".encode()))
        code = 0
    except BaseException as error:  # noqa: BLE001 - a child reports and ends, whatever it is
        os.write(writing, f"! {type(error).__name__}: {' '.join(str(error).split())}\n".encode())
    finally:
        os._exit(code)


def finish(job: Callable[[Callable[[str], None]], None]) -> list[tuple[str, float]]:
    """Run a job to its end and return when it said what; raise `Broken` with what went wrong."""
    pid, pipe = forked(job)
    said = list(listen(pipe, LONGEST))
    os.close(pipe)
    _, status = os.waitpid(pid, 0)
    if status:
        raise Broken(next((word[2:] for word, _ in said if word.startswith("!")), f"status {status}"))
    return said


def listen(pipe: int, seconds: float):
    """Yield (word, when) as a child says them, until it ends."""
    rest, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        ready, _, _ = select.select([pipe], [], [], 0.5)
        if not ready:
            continue
        data = os.read(pipe, 4096)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield line.decode(), time.monotonic()
    raise Broken("a run hangs")


def kill(job: Callable[[Callable[[str], None]], None], step: str, wait: float) -> str:
    """Run a job, kill it `wait` seconds after it came to `step`, and return the step it was in."""
    pid, pipe = forked(job)
    at = "start"
    for word, _ in listen(pipe, LONGEST):
        if word.startswith("!"):
            os.waitpid(pid, 0)
            raise Broken(word[2:])
        at = word
        if word in {step, "done"}:
            break
    time.sleep(wait)
    os.kill(pid, signal.SIGKILL)
    for word, _ in listen(pipe, LONGEST):  # what it still said before it died
        at = word
    os.close(pipe)
    os.waitpid(pid, 0)
    if at.startswith("!"):
        raise Broken(at[2:])
    return at


def live(
    folder: Path, base_url: str, asked, chance: random.Random, lengths: dict[str, float], *, first: bool
) -> Counter:
    """One life: twenty kills and a run to the end; return where the kills fell.

    A run goes on where the one before it was killed, so all kills of a step together wait about as long as it takes.
    In the first life a step's first kill comes at once: on a busy machine a short step can be over by then.
    """
    killed: Counter = Counter()
    with tempfile.TemporaryDirectory(dir=folder) as place:
        home = Path(place)
        finish(lambda _: prepare(home))
        before = asked.value

        for number, step in enumerate(PLAN):
            is_published = step == "compacting"
            at_once = first and step not in PLAN[:number]
            killed[
                kill(
                    lambda say, skip=is_published: work(home, base_url, say, is_published=skip),
                    step,
                    0.0 if at_once else chance.random() * lengths.get(step, 0.3) * 2 / PLAN.count(step),
                )
            ] += 1
        finish(lambda say: work(home, base_url, say))
        finish(lambda _: compare(home))
        pages = asked.value - before - POSTS // PAGE
        if pages > len(PLAN) + 1:
            raise Broken(f"{pages} pages were asked for again after {len(PLAN)} kills")
    return killed


def prepare_openings() -> None:
    """Pay here, and not in each of the forks, what a process pays when it first opens a vault and gives it values.

    For the values DuckDB imports pandas, where the dashboard has brought it. Whole commands, elsewhere, check the
    signature of an extension at each opening; the forks need not.
    """
    vault.CONFIG["allow_unsigned_extensions"] = "true"
    with bare() as con:
        con.execute("select $moment, $rows", {"moment": NEWEST, "rows": [{"post": 1}]}).fetchall()


def measure(folder: Path, base_url: str) -> dict[str, float]:
    """How long each step takes when nobody disturbs it."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        said = finish(lambda say: work(Path(place), base_url, say))
    return {word: after - at for (word, at), (_, after) in pairwise(said)}


def main(arguments: list[str]) -> int:
    """Kill, and print one JSON line: kills by step, lives, seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args(arguments)
    context = get_context("fork")
    asked = context.Value("i", 0)
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, asked), daemon=True)
    server.start()
    prepare_openings()
    began, killed, lives = time.monotonic(), Counter(), 0
    try:
        base_url = ours.recv()
        lengths = measure(given.folder, base_url)
        while killed.total() < given.kills:
            chance = random.Random(given.seed + lives)  # noqa: S311
            killed += live(given.folder, base_url, asked, chance, lengths, first=lives == 0)
            lives += 1
    except Broken as error:
        print(json.dumps({"broken": str(error), "life": lives, "seed": given.seed + lives}))  # noqa: T201
        return 1
    finally:
        server.terminate()
    seconds = round(time.monotonic() - began, 1)
    shown = {"kills": killed.total(), "by_step": dict(killed), "lives": lives, "seconds": seconds}
    print(json.dumps(shown | {"steps_take": {step: round(took, 2) for step, took in lengths.items()}}))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
