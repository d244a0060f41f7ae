"""Posts that say alike: the signs of the encoder's vectors, kept in the vault and published beside the masked text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from warehouse.errors import BadArgument, WarehouseError
from warehouse.sql import query
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

_SCHEMA: Final = pa.schema(
    {
        "platform": pa.string(),
        "post_id": pa.string(),
        "masked_text": pa.string(),
        "signs": pa.binary(),
        "model_version": pa.string(),
    }
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A post that says something like it; `similarity` is the share of equal signs, comparable within one model."""

    similarity: float
    post_key: str
    platform: str
    created_at: datetime
    role: str
    purpose: str | None
    goal: str | None
    text: str


def merge_vectors(con: Connection, rows: Iterable[tuple[str, str, str, bytes, str]]) -> None:
    """Keep (platform, post_id, masked_text, signs, model_version) inside the caller's transaction, one a post."""
    columns = list(zip(*rows, strict=True))
    if not columns:
        return
    table = pa.table([pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)], _SCHEMA)
    con.register("incoming_vectors", table)
    try:
        con.execute(statement("forget_vectors"))
        con.execute(statement("insert_vectors"))
    finally:
        con.unregister("incoming_vectors")


def similar(published: Path, post_key: str, *, rows: int = 10) -> list[Neighbour]:
    """Find the posts that say most like `post_key`, the nearest first; raise `WarehouseError` when it has no vector."""
    [(posts, vectors, has_vector)] = query(published, statement("has_vector"), {"key": post_key}).rows
    if not posts:
        raise BadArgument(f"{post_key}: no such post: take a post_key from `etalage search` or core.posts")
    if not vectors:
        raise WarehouseError("no post has a vector: the text is not published, or the model has not read it yet")
    if not has_vector:
        raise WarehouseError(f"{post_key}: it has no vector: a name in it was masked, or it was edited, after reading")
    found = query(published, "from core.similar($key, count_rows := $rows)", {"key": post_key, "rows": rows}, rows=rows)
    return [Neighbour(*row) for row in found.rows]
