"""Posts without end, in X's own format, by people who do not exist: the same ones for the same window, every time.

A page is made when it is asked for, so that a million posts cost no memory; everything after the page is the real way:
page store, mapping, merge, annotations (made up, for the model would take hours), erasing, publishing, compaction.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fake_x import post, snowflake, user
from stocked import annotation

from connectors.source import Page, Window
from nlp import codebook
from warehouse.annotations import merge_annotations, pending
from warehouse.vault import Connection

START = datetime(2026, 3, 1, tzinfo=UTC)
PAGE = 100
"""Posts on a page: as many as X gives."""
TEXT = (
    "vandaag samen met collega's gesproken over werk dat anders kan een vacature voor ons team kennis delen helpt "
    "iedereen vooruit wij zoeken een adviseur die mensen ziet en systemen begrijpt leren doe je op de werkvloer "
    "thuiswerken blijft een gesprek verzuim daalt als leidinggevenden luisteren trots op deze organisatie"
)


@dataclass(frozen=True, slots=True)
class Produced:
    """A source that gives `posts` posts a window by `people` people, a page of a hundred at a time."""

    posts: int
    people: int = 5_000
    name: str = "x"
    lag: float = 0.0

    def queries(self) -> tuple[str, ...]:
        """Listen to one search."""
        return ("search:#hr",)

    def windows(self, query: str, since: datetime, until: datetime) -> Iterator[Window]:
        """Cut into days."""
        while since < until:
            yield Window(self.name, query, since, since + timedelta(days=1))
            since += timedelta(days=1)

    def pages(self, window: Window, position: str | None = None) -> Iterator[Page]:
        """Make the window's pages from a position on."""
        for at in range(int(position or 0), self.posts, PAGE):
            is_last = at + PAGE >= self.posts
            yield Page(
                "x/posts",
                self._payload(window, at),
                window.until + timedelta(seconds=at // PAGE),
                "complete" if is_last else "more",
                position=None if is_last else str(at + PAGE),
                reads=(("post", PAGE),),
            )

    def _payload(self, window: Window, at: int) -> str:
        chance = random.Random(f"{window.since:%Y%m%d%H%M} {at}")  # noqa: S311 - repeatable, not secret
        step = (window.until - window.since) / self.posts
        data, people = [], set()
        for number in range(at, min(at + PAGE, self.posts)):
            moment, author = window.since + number * step, int(self.people * chance.random() ** 2)
            people.add(author)
            text = " ".join(chance.choices(TEXT.split(), k=chance.randint(12, 30)))
            data.append(
                post(moment, f"{text} #werk{number}", id=snowflake(moment, number), author_id=str(8_000_000 + author))
            )
        users = [
            user(
                str(8_000_000 + one),
                f"verzonnen_{one}",
                name=f"Verzonnen Persoon{one}",
                description=f"{('HR-adviseur', 'Marketeer', 'Docent')[one % 3]} bij Molenwiek {one % 400}",
            )
            for one in sorted(people)
        ]
        return json.dumps({"data": data, "includes": {"users": users}, "meta": {"result_count": len(data)}})


def annotate(con: Connection, at_once: int = 5_000, a_transaction: int = 250) -> int:
    """Annotate what waits with made-up answers, in the batches that a run takes unless said; return how many."""
    goals, done = sorted(codebook.PURPOSE_OF), 0
    while waiting := pending(con, "test-1", at_once):
        for start in range(0, len(waiting), a_transaction):
            batch = waiting[start : start + a_transaction]
            merge_annotations(con, [(one, _answer(one.text, one.bio, goals)) for one in batch])
            done += len(batch)
    return done


def _answer(text: str, bio: str | None, goals: list[str]) -> object:
    goal = goals[len(text) % len(goals)]
    place = (bio or "").rpartition("Molenwiek ")[2]
    return annotation(
        text,
        bio,
        goal=goal,
        purpose=codebook.PURPOSE_OF[goal],
        role="hr" if (bio or "").startswith("HR") else "other",
        employer=f"Molenwiek {place}" if place else None,
        organisations=(),
        hashtags=("werk",),
    )
