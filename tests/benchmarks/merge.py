"""Merge 200,000 annotated posts into a vault that holds half of them, beside DuckDB's bare MERGE of the same tables.

Run: uv run python tests/benchmarks/merge.py [--posts 200000]
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from stocked import KEY, PSEUDONYM, annotation, post

from warehouse.annotations import merge_annotation_table, wait_for
from warehouse.load import merge_table
from warehouse.rows import ANNOTATION_SCHEMA, POST_SCHEMA, Table, annotation_table, post_table
from warehouse.vault import Connection, open_vault, transaction

TEXT = "Volgende week delen we bij ons op kantoor wat we leerden van een jaar hybride werken, en wat niet lukte. "


def bare(con: Connection, posts: Table, annotations: Table) -> None:
    """Merge both tables as DuckDB does it: all columns, nothing looked at, nothing kept beside."""
    profile = {"handle", "display_name", "bio"}
    for table, incoming, schema, left_out in (
        ("posts", posts, POST_SCHEMA, profile),
        ("annotations", annotations, ANNOTATION_SCHEMA, set()),
    ):
        columns = [name for name in schema.names if name not in left_out]
        extra = {"annotations": ", annotated_at"}.get(table, "")
        con.register("incoming", incoming)
        con.execute(f"""
            merge into {table} using incoming using (platform, post_id)
            when matched then update set {", ".join(f"{name} = incoming.{name}" for name in columns[2:])}
            when not matched then insert ({", ".join(columns)}{extra})
            values ({", ".join(f"incoming.{name}" for name in columns)}{", now()" if extra else ""})
        """)
        con.unregister("incoming")


def ours(con: Connection, posts: Table, annotations: Table) -> None:
    """Merge both tables as a night does: doubles, tombstones, newest look, authors, dated counts."""
    merge_table(con, posts)
    merge_annotation_table(con, annotations)


def timed(merge: Callable[[Connection, Table, Table], None], tables: list[Table]) -> tuple[float, tuple[int, ...]]:
    """Return the seconds of one merge with its commit, into a fresh vault that holds half, and the rows after it."""
    held_posts, held_annotations, posts, annotations = tables
    with tempfile.TemporaryDirectory() as folder, open_vault(Path(folder) / "vault.duckdb", KEY, memory="2GB") as con:
        wait_for(con, "test-1")
        with transaction(con):
            ours(con, held_posts, held_annotations)
        wait_for(con, "test-2")  # once a model, so not part of a merge
        con.execute("checkpoint vault")
        started = time.perf_counter()
        with transaction(con):
            merge(con, posts, annotations)
        seconds = time.perf_counter() - started
        counts = con.execute("select (select count(*) from posts), (select count(*) from annotations)").fetchone()
    return seconds, counts or ()


def main() -> None:
    """Print the seconds of both, three rounds in turn, the best of each and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    count = parser.parse_args().posts
    made = [
        replace(
            post(number % 1_000),  # within a day, so that none is said to come from the future
            post_id=f"17{number:015d}",
            text=f"{TEXT}{TEXT}{number}",
            author_id=str(number % 5_000),
            handle=f"iemand_{number % 5_000}",
            likes=number % 90,
        )
        for number in range(count)
    ]
    held = [
        replace(item, collected_at=item.collected_at - timedelta(days=1), likes=None) for item in made[: count // 2]
    ]
    started = time.perf_counter()
    posts = post_table(made, PSEUDONYM)
    records = time.perf_counter() - started
    read = {
        "held": [(item.platform, item.post_id, annotation(item.text, item.bio)) for item in held],
        "new": [
            (item.platform, item.post_id, annotation(item.text, item.bio, model_version="test-2")) for item in made
        ],
    }
    started = time.perf_counter()
    annotations = annotation_table(read["new"])
    records += time.perf_counter() - started
    tables = [post_table(held, PSEUDONYM), annotation_table(read["held"]), posts, annotations]
    best = {"bare": float("inf"), "ours": float("inf")}
    for _ in range(3):
        for name, merge in (("bare", bare), ("ours", ours)):
            seconds, counts = timed(merge, tables)
            best[name] = min(best[name], seconds)
            print(f"{name}: {seconds:.2f} s, rows after it (posts, annotations): {counts}")  # noqa: T201 -- its output
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201 -- its output
        f"{count:,} annotated posts, half of them known: bare MERGE {best['bare']:.2f} s, ours {best['ours']:.2f} s, "
        f"ratio {best['ours'] / best['bare']:.2f} (at most 2); records to Arrow with pseudonyms and masking "
        f"{records:.2f} s; peak memory {peak:.0f} MB"
    )


if __name__ == "__main__":
    main()
