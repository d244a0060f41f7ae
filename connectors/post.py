"""The one record that every source is mapped to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Platform = Literal["x", "reddit", "bluesky", "mastodon", "feed", "linkedin"]
Kind = Literal["post", "reply", "repost", "quote"]


@dataclass(frozen=True, slots=True)
class Post:
    """One public post as its platform gave it; (platform, post_id) is its key.

    Times are aware and in UTC. A count is None when the platform does not say, never 0 for unknown.
    A bio is "" when the answer says that there is none (then a stored one goes), None when it does not say.
    The field names are the columns of the vault's posts and authors tables.
    """

    platform: Platform
    post_id: str
    url: str | None
    author_id: str | None
    handle: str | None
    display_name: str | None
    bio: str | None
    created_at: datetime
    text: str
    language_hint: str | None
    kind: Kind
    parent_id: str | None
    likes: int | None
    replies: int | None
    reposts: int | None
    quotes: int | None
    views: int | None
    edited_at: datetime | None
    collected_at: datetime
    source: str
    query: str
