"""Authors who may belong in the panel, with the evidence; a person decides."""

from dataclasses import dataclass

from warehouse.sqlfiles import statement
from warehouse.vault import Connection


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One author whose public bio says HR; `evidence` is the part of the bio that does."""

    platform: str
    handle: str
    bio: str
    evidence: str | None
    employer: str | None
    queries: tuple[str, ...]
    posts: int
    example: str | None


def suggested(con: Connection) -> list[Suggestion]:
    """List them, those with most posts first."""
    rows = con.execute(statement("suggest_authors")).fetchall()
    return [
        Suggestion(platform, handle, bio, evidence, employer, tuple(queries), posts, example)
        for platform, handle, bio, evidence, employer, queries, posts, example in rows
    ]
