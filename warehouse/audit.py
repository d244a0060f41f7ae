"""The audit sample: posts drawn at random, each with the chance it had, for people to label."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from warehouse.errors import BadArgument, WarehouseError, clear_errors
from warehouse.sql import rows_of
from warehouse.sqlfiles import literal, statement
from warehouse.vault import Connection, cursor, transaction

STRATUM_POSTS: Final = 10
"""Months of a platform are put together until a stratum may expect this many drawn posts."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: its id, how many posts of how many it took, in how many strata, and how many get a second label."""

    draw_id: str
    drawn: int
    population: int
    strata: int
    doubles: int


@dataclass(frozen=True, slots=True)
class FramePart:
    """The posts of one platform and month that were never drawn."""

    platform: str
    month: date
    posts: int


def status(published: Path) -> dict[str, list[dict[str, Any]]]:
    """Tell how far every draw is, and how far annotators agree, as the published file has it."""
    return {name: rows_of(published, f"from ops.{name}") for name in ("audit_draws", "agreement")}


def draw(con: Connection, published: Path, count: int, *, overlap: float = 0.2, seed: str | None = None) -> Draw:
    """Draw `count` posts from those that the published file counts and no draw has taken before.

    A share `overlap` of them is to be labelled twice. The same seed on the same file draws the same posts.
    """
    if count < 1 or not 0 <= overlap <= 1:
        raise BadArgument(f"draw at least one post (not {count}), and a share from 0 to 1 twice (not {overlap})")
    seed = seed or secrets.token_hex(8)
    now = datetime.now(UTC)
    draw_id = f"{now:%Y%m%d}-{secrets.token_hex(2)}"
    with clear_errors(published), _framed(con, published) as own:
        own.execute(statement("audit_frame"))
        parts = [FramePart(*row) for row in own.execute(statement("audit_parts")).fetchall()]
        population = sum(part.posts for part in parts)
        if count > population:
            raise BadArgument(f"only {population} posts are left to draw: ask for no more than that")
        strata = make_strata(parts, count)
        sizes = allocate([sum(part.posts for part in stratum) for stratum in strata], count)
        rows = [
            {
                "platform": part.platform,
                "created_month": part.month,
                "stratum": number,
                "size": size,
                "population": sum(other.posts for other in stratum),
            }
            for number, (stratum, size) in enumerate(zip(strata, sizes, strict=True))
            for part in stratum
        ]
        given: dict[str, Any] = {"draw_id": draw_id, "seed": seed}
        with transaction(own):
            own.execute(statement("draw_strata"), {"strata": rows, "draw_id": draw_id}).fetchall()
            taken = own.execute(statement("draw_posts"), {**given, "doubles": round(overlap * count)}).fetchall()
            own.execute(
                statement("draw_entry"), {**given, "now": now, "asked": count, "population": population}
            ).fetchall()
    return Draw(draw_id, len(taken), population, len(strata), sum(row[0] for row in taken))


def make_strata(parts: Sequence[FramePart], count: int) -> list[list[FramePart]]:
    """Put months together, in their order and within their platform, until each stratum may expect enough posts.

    What is left of a platform joins its last stratum; platforms that are too small altogether share one.
    """
    rate = count / sum(part.posts for part in parts)
    strata: list[list[FramePart]] = []
    small: list[FramePart] = []
    for platform in sorted({part.platform for part in parts}):
        own = [part for part in sorted(parts, key=lambda part: part.month) if part.platform == platform]
        if _expected(own, rate) < STRATUM_POSTS:
            small += own
            continue
        made: list[list[FramePart]] = [[]]
        for part in own:
            if _expected(made[-1], rate) >= STRATUM_POSTS:
                made.append([])
            made[-1].append(part)
        if len(made) > 1 and _expected(made[-1], rate) < STRATUM_POSTS:
            last = made.pop()
            made[-1] += last
        strata += made
    return [*strata, small] if small else strata


def allocate(posts: Sequence[int], count: int) -> list[int]:
    """Share `count` out in proportion to `posts`, the largest remainders first, and at least one each where it can."""
    total = sum(posts)
    exact = [count * size / total for size in posts]
    sizes = [int(share) for share in exact]
    order = sorted(range(len(posts)), key=lambda place: (sizes[place] > 0, sizes[place] - exact[place]))
    for place in order[: count - sum(sizes)]:
        sizes[place] += 1
    return sizes


def _expected(parts: Sequence[FramePart], rate: float) -> float:
    return rate * sum(part.posts for part in parts)


@contextmanager
def _framed(con: Connection, published: Path) -> Iterator[Connection]:
    if not published.is_file():
        raise WarehouseError(f"{published}: there is no published file to draw from: run `etalage nightly` first")
    own = cursor(con)
    try:
        own.execute(f"attach {literal(str(published.absolute()))} as frame (read_only)")
        try:
            yield own
        finally:
            own.execute("drop table if exists audit_frame")
            own.execute("detach frame")
    finally:
        own.close()
