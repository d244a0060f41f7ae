"""Authors who may belong in the panel, with the evidence; a person decides."""

from collections import defaultdict
from dataclasses import dataclass

from connectors.gone import plain_handle
from warehouse.known import RENAMED, account_ids
from warehouse.sqlfiles import statement
from warehouse.vault import Connection


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One author whose public bio says HR; `evidence` is the part of the bio that does.

    `names` are what stands for the account in a panel, in lower case: its id, and each name that means it. A handle
    that means whoever had it before is none of them.
    """

    platform: str
    author_id: str
    handle: str
    names: frozenset[str]
    bio: str
    evidence: str | None
    employer: str | None
    queries: tuple[str, ...]
    posts: int
    example: str | None


def suggested(con: Connection) -> list[Suggestion]:
    """List them, those with most posts first."""
    meaning = _names_by_account(con)

    def names(platform: str, author_id: str, handle: str) -> frozenset[str]:
        mine = meaning[platform, author_id] if platform in RENAMED else {plain_handle(handle)}
        return frozenset({author_id.lower(), *mine})

    rows = con.execute(statement("suggest_authors")).fetchall()
    return [
        Suggestion(platform, one, handle, names(platform, one, handle), bio, evidence, employer, tuple(queries), *rest)
        for platform, one, handle, bio, evidence, employer, queries, *rest in rows
    ]


def _names_by_account(con: Connection) -> defaultdict[tuple[str, str], set[str]]:
    """Return the names that mean an account, by (platform, id), where another may have its handle by now."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for platform in RENAMED:
        for name, author_id in account_ids(con, platform).items():
            found[platform, author_id].add(name)
    return found
