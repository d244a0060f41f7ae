"""How much of an API source's wall time is ours, and how fast stored pages are mapped.

Run with the replay server beside the checkout: `uv run python tests/benchmarks/connectors_share.py`.
The server is a process of its own; figures go into the README beside this file.
"""

import cProfile
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from connectors.bluesky.source import BlueskySource
from connectors.mapping import map_page
from connectors.mastodon.source import MastodonSource
from connectors.reddit.source import RedditSource
from connectors.source import Page, Source, Window
from connectors.waiting import Waiting
from connectors.x.source import XSource

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT.parent / "shared" / "wire" / "replay_server.py"
ROUNDS = 5
EVER = (datetime(2005, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def sources(base_url: str) -> Iterator[tuple[str, Source, Window]]:
    """Make each source with the window that holds all recordings."""
    waiting = Waiting(sleep=lambda _seconds: False)
    x = XSource(bearer_token="t", base_url=base_url, waiting=waiting, page_size=100)
    yield "x", x, Window("x", "archive:*", *EVER)
    reddit = RedditSource(
        client_id="i",
        client_secret="s",
        user_agent="etalage benchmark",
        base_url=base_url,
        waiting=waiting,
    )
    yield "reddit", reddit, Window("reddit", "r/all/new", *EVER)
    feeds = BlueskySource(base_url=base_url, waiting=waiting)
    yield "bluesky feed", feeds, Window("bluesky", "author:chriskenny.bsky.social", *EVER)
    search = BlueskySource(handle="replay.test", app_password="pw", base_url=base_url, waiting=waiting)
    yield "bluesky search", search, Window("bluesky", "search:*", *EVER)
    mastodon = MastodonSource(instances={"here": base_url}, waiting=waiting)
    yield "mastodon", mastodon, Window("mastodon", "tag:any@here", *EVER)


def ours(profile: cProfile.Profile) -> tuple[float, float]:
    """Return the seconds spent in our own lines and in all."""
    rows = pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]
    room = str(ROOT / "connectors")
    return sum(row[2] for key, row in rows if key[0].startswith(room)), sum(row[2] for _, row in rows)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Print a row a source."""
    with tempfile.TemporaryDirectory() as folder:
        port = Path(folder) / "port"
        server = subprocess.Popen(
            [sys.executable, str(SERVER), "--port-file", str(port), "--max-seconds", "120"], stdout=subprocess.DEVNULL
        )
        try:
            while not port.exists():
                time.sleep(0.02)
            sys.stdout.write(
                "| source | posts | pages | fetched in | our lines | mapped, posts/s |\n" + "| --- " * 6 + "|\n"
            )
            for name, source, window in sources(f"http://127.0.0.1:{port.read_text()}"):
                measure(name, source, window)
        finally:
            server.terminate()
            server.wait(timeout=5)


def measure(name: str, source: Source, window: Window) -> None:
    """Print one source's figures."""
    pages: list[Page] = list(source.pages(window))
    mapped = [map_page(page, source=name, query="q") for page in pages]
    posts = sum(len(one.posts) for one in mapped)
    mapping = min(timed(lambda: [map_page(page, source=name, query="q") for page in pages]) for _ in range(ROUNDS))
    profile = cProfile.Profile()
    profile.enable()
    for page in source.pages(window):
        map_page(page, source=name, query="q")
    profile.disable()
    mine, total = ours(profile)
    wall = min(timed(lambda: list(source.pages(window))) for _ in range(ROUNDS))
    sys.stdout.write(
        f"| {name} | {posts:,} | {len(pages)} | {wall:.3f} s | {mine / total:.0%} | {posts / mapping:,.0f} |\n"
    )


if __name__ == "__main__":
    main()
