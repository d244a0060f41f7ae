"""A vault with any number of annotated posts of people who do not exist, made by set-based SQL from one seed.

Run: uv run python tests/benchmarks/generate.py --posts 100000 FOLDER

The same number and seed give the same posts. Twenty posts an author; words by a law like Zipf's, with rare words,
numbers and hashtags so that the vocabulary grows with the posts; one post in fifty names another author, one in
fifty thousand holds somebody's handle without an @. Text comes masked as loading would have masked it.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from stocked import KEY

from nlp import codebook
from warehouse import masking
from warehouse.vault import Connection, open_vault, transaction

SQL = Path(__file__).with_name("generate.sql").read_text(encoding="utf-8")

MONTHS = 24
AUTHORS_EACH = 20
"""Posts an author."""


def fill(con: Connection, posts: int, seed: int = 2013) -> None:
    """Fill an empty vault with `posts` annotated posts over twenty-four months."""
    goals = [
        {"purpose": purpose, "goal": goal, "position": at}
        for at, (goal, purpose) in enumerate(codebook.PURPOSE_OF.items())
    ]
    values = {
        "posts": posts,
        "authors": max(posts // AUTHORS_EACH, 1),
        "organisations": max(posts // 400, 1),
        "sentences": 30_000,
        "vocabulary": 40_000,
        "months": MONTHS,
        "seed": seed,
        "masking_version": masking.VERSION,
        "codebook_version": codebook.VERSION,
    }
    for name, value in values.items():
        con.execute(f"set variable {name} = {value if isinstance(value, int) else repr(value)}")
    con.execute("create or replace temp table goals as select unnest($goals, recursive := true)", {"goals": goals})
    con.execute(
        "create or replace temp table theme_names as select unnest($themes) as theme", {"themes": list(codebook.THEMES)}
    )
    with transaction(con):
        con.execute(SQL)
    con.execute("checkpoint vault")


def main() -> None:
    """Write FOLDER/vault.duckdb and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2013)
    arguments = parser.parse_args()
    started = time.perf_counter()
    with open_vault(arguments.folder / "vault.duckdb", KEY, memory="2GB") as con:
        fill(con, arguments.posts, arguments.seed)
    print(f"{arguments.posts:,} posts in {time.perf_counter() - started:.1f} s")  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
