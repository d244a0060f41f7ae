"""Three dozen posts at a loopback X: a whole night on them costs a third of one on the sample panel."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fake_x
from loopback import Loopback, serving

PEOPLE, POSTS = 6, 36
TEXTS = sorted(f"Bericht {number} over ons werk van vandaag en morgen" for number in range(POSTS))
HANDLES = [f"voorbeeld_{number}" for number in range(PEOPLE)]
KNOWN = {handle.encode() for handle in HANDLES} | {b"Voorbeeld Persoon"}, {text.encode() for text in TEXTS}
"""Names and texts, as `test_nothing_readable.found` looks for them."""
SETTINGS = """
[x]
bearer_token = "token-of-noor"
base_url = "{base}"
queries = ["search:werk"]

[nightly]
first_days = 5
"""


def people_and_posts() -> fake_x.FakeX:
    """X with recent posts, an hour apart, by people who do not exist; the newest is of the first of them."""
    newest = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    users = [
        fake_x.user(f"8800007{number}", handle, name=f"Voorbeeld Persoon {number}")
        for number, handle in enumerate(HANDLES)
    ]
    posts = [
        fake_x.post(newest - timedelta(hours=number), text, author_id=users[number % PEOPLE]["id"])
        for number, text in enumerate(TEXTS)
    ]
    return fake_x.FakeX(posts, users=users)


def platform() -> AbstractContextManager[Loopback]:
    """Serve them."""
    return serving(people_and_posts())


def configure(folder: Path, base_url: str) -> None:
    """Write `etalage.toml`: nothing but these posts is collected."""
    (folder / "etalage.toml").write_text(SETTINGS.format(base=base_url), encoding="utf-8")
