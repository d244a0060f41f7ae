"""A vault with posts of people who do not exist, for the tests of the warehouse."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.post import Post
from connectors.source import Mapped, Page, Window
from nlp.annotation import Annotation, hash_text
from warehouse import ledger, migrate, pages, runs
from warehouse.annotations import merge_annotations, pending
from warehouse.load import MergeCounts, merge_posts
from warehouse.vault import Connection, open_vault

KEY = "k" * 32
PSEUDONYM = b"p" * 32
START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
WINDOW = Window("x", "search:#hr", START, START + timedelta(days=1))


def post(number: int = 1, **changed) -> Post:
    """Make a post by one of seven people."""
    made = Post(
        platform="x",
        post_id=f"17000000000{number:05d}",
        url=f"https://x.com/willemijn_{number % 7}/status/17000000000{number:05d}",
        author_id=f"880000{number % 7}",
        handle=f"willemijn_{number % 7}",
        display_name=f"Willemijn Voorbeeld {number % 7}",
        bio="HR-adviseur bij Gemeente Waterbroek",
        created_at=START + timedelta(minutes=number),
        text=f"Kom jij ons team versterken? Bericht {number}.",
        language_hint="nl",
        kind="post",
        parent_id=None,
        likes=number,
        replies=0,
        reposts=None,
        quotes=None,
        views=None,
        edited_at=None,
        collected_at=START + timedelta(days=1),
        source="x",
        query=WINDOW.query,
    )
    return replace(made, **changed)


def annotation(text: str = "", bio: str | None = None, **changed) -> Annotation:
    """Make an annotation of a Dutch post by HR that serves its organisation."""
    made = Annotation(
        text_hash=hash_text(text, bio),
        language="nl",
        language_p=0.99,
        purpose="organisational",
        purpose_p=0.9,
        goal="recruitment",
        goal_p=0.8,
        themes=(),
        themes_p=(),
        role="hr",
        role_p=0.95,
        role_evidence="HR-adviseur",
        role_field="advies",
        employer="Gemeente Waterbroek",
        organisations=("Gemeente Waterbroek",),
        hashtags=("werkenbij",),
        needs_review=False,
        model_version="test-1",
        codebook_version="2",
    )
    return replace(made, **changed)


def load(con: Connection, *posts: Post) -> MergeCounts:
    """Merge posts that came on one page."""
    return merge_posts(con, [(0, Mapped(posts))], PSEUDONYM)


def annotate(con: Connection, read=None) -> None:
    """Annotate everything that waits; `read(pending)` gives the fields that differ."""
    rows = pending(con, "test-1", 100_000)
    changes = [read(row) if read else {} for row in rows]
    merge_annotations(
        con, [(row, annotation(row.text, row.bio, **change)) for row, change in zip(rows, changes, strict=True)]
    )


def collect(con: Connection) -> str:
    """Enter a run with one complete window of one page."""
    run_id = runs.start_run(con, "nightly")
    ledger.plan(con, [WINDOW])
    ledger.begin(con, WINDOW, run_id)
    page = Page("x/posts", "{}", START, "complete", reads=(("post", 10), ("user", 2)))
    pages.store_page(con, WINDOW, page, run_id)
    return run_id


@cache
def migrated(key: str, _migrations: tuple[tuple[str, str], ...]) -> bytes:
    """The file of a vault under this key that holds nothing and has had all migrations: these, at present."""
    with TemporaryDirectory() as place:
        file = Path(place) / "vault.duckdb"
        with open_vault(file, key):
            pass
        return file.read_bytes()


def file_in(folder: Path) -> Path:
    """Return where a folder has its vault; where there is none, put one that need not be migrated any more."""
    file = folder / "vault.duckdb"
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_bytes(migrated(KEY, tuple(migrate.scripts("migrations"))))
    return file


@contextmanager
def vault(folder: Path, count: int = 0) -> Iterator[Connection]:
    """Open a vault in `folder`, with `count` annotated posts."""
    with open_vault(file_in(folder), KEY) as con:
        if count:
            run_id = collect(con)
            load(con, *(post(number) for number in range(count)))
            annotate(con)
            runs.finish_run(con, run_id, "ok", {"inserted": count})
        yield con


@contextmanager
def held_elsewhere(folder: Path, key: str = KEY) -> Iterator[None]:
    """Have another process keep the vault in `folder` open."""
    script = textwrap.dedent(f"""
        from pathlib import Path
        from warehouse.vault import open_vault
        with open_vault(Path({str(folder)!r}) / "vault.duckdb", {key!r}):
            print("open", flush=True)
            input()
    """)
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "open\n"
        yield
        other.communicate("\n")
