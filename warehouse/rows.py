"""Records to Arrow: the one place where the fields of `Post` and `Annotation` become columns."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from connectors.post import Post
from nlp.annotation import Annotation
from warehouse import masking
from warehouse.pages import sound
from warehouse.pseudonyms import pseudonym

Table = pa.Table
UNFIT: Final = (ArithmeticError, AttributeError, TypeError, ValueError)
"""What a field raises that its column cannot hold; Arrow's own errors are among them."""
_TIME: Final = pa.timestamp("us", tz="UTC")
_LIST: Final = pa.list_(pa.string())
_COUNT: Final = pa.int64()

MOST: Final = 10**15
"""No platform counts so far, in either direction (Reddit's scores are negative too); sums of these fit every column."""

POST_SCHEMA: Final = pa.schema(
    {
        "platform": pa.string(),
        "post_id": pa.string(),
        "url": pa.string(),
        "author_id": pa.string(),
        "handle": pa.string(),
        "display_name": pa.string(),
        "bio": pa.string(),
        "created_at": _TIME,
        "text": pa.string(),
        "language_hint": pa.string(),
        "kind": pa.string(),
        "parent_id": pa.string(),
        "likes": _COUNT,
        "replies": _COUNT,
        "reposts": _COUNT,
        "quotes": _COUNT,
        "views": _COUNT,
        "edited_at": _TIME,
        "collected_at": _TIME,
        "source": pa.string(),
        "query": pa.string(),
        "post_key": pa.string(),
        "author_key": pa.string(),
        "parent_key": pa.string(),
        "masked_text": pa.string(),
        "masking_version": pa.int32(),
    }
)

ANNOTATION_SCHEMA: Final = pa.schema(
    {
        "platform": pa.string(),
        "post_id": pa.string(),
        "text_hash": pa.string(),
        "language": pa.string(),
        "language_p": pa.float64(),
        "purpose": pa.string(),
        "purpose_p": pa.float64(),
        "goal": pa.string(),
        "goal_p": pa.float64(),
        "themes": _LIST,
        "themes_p": pa.list_(pa.float64()),
        "role": pa.string(),
        "role_p": pa.float64(),
        "role_evidence": pa.string(),
        "role_field": pa.string(),
        "employer": pa.string(),
        "organisations": _LIST,
        "hashtags": _LIST,
        "needs_review": pa.bool_(),
        "model_version": pa.string(),
        "codebook_version": pa.string(),
    }
)


def post_table(posts: Sequence[Post], pseudonym_key: bytes) -> pa.Table:
    """Make one row a post, with its pseudonyms and its masked text; raise one of `UNFIT` when a post fits no row."""
    columns: dict[str, list[Any]] = {
        name: list(map(attrgetter(name), posts)) for name in POST_SCHEMA.names if name in _POST_FIELDS
    }
    columns["author_id"] = [identity(post) for post in posts]
    naming = _Naming(pseudonym_key)
    columns["post_key"] = [naming.post(post.platform, post.post_id) for post in posts]
    columns["parent_key"] = [naming.post(post.platform, post.parent_id) for post in posts]
    columns["author_key"] = [
        naming.author(post.platform, author) for post, author in zip(posts, columns["author_id"], strict=True)
    ]
    columns["text"] = [sound(text) for text in columns["text"]]
    columns["masked_text"] = [masking.mask(text) for text in columns["text"]]
    columns["masking_version"] = [masking.VERSION] * len(posts)
    return _table(POST_SCHEMA, columns)


def annotation_table(rows: Iterable[tuple[str, str, Annotation]]) -> pa.Table:
    """Make one row an annotation of (platform, post_id)."""
    rows = list(rows)
    annotations = [annotation for _, _, annotation in rows]
    columns: dict[str, list[Any]] = {
        name: list(map(attrgetter(name), annotations)) for name in ANNOTATION_SCHEMA.names if name in _ANNOTATION_FIELDS
    }
    columns["platform"] = [platform for platform, _, _ in rows]
    columns["post_id"] = [post_id for _, post_id, _ in rows]
    return _table(ANNOTATION_SCHEMA, columns)


def is_count(value: int | None) -> bool:
    """Tell whether a column can hold a count."""
    return value is None or abs(value) <= MOST


def identity(post: Post) -> str | None:
    """Name a post's author on its platform: by id, else by handle; None when the platform tells neither."""
    if post.author_id:
        return post.author_id
    return f"@{post.handle.lower()}" if post.handle else None


_POST_FIELDS: Final = frozenset(Post.__dataclass_fields__)
_ANNOTATION_FIELDS: Final = frozenset(Annotation.__dataclass_fields__)


class _Naming:
    """Pseudonyms under one key; an author's is made once a batch."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._authors: dict[tuple[str, str], str] = {}

    def post(self, platform: str, post_id: str | None) -> str | None:
        return None if post_id is None else pseudonym(self._key, "post", platform, post_id)

    def author(self, platform: str, author: str | None) -> str | None:
        if author is None:
            return None
        if (platform, author) not in self._authors:
            self._authors[platform, author] = pseudonym(self._key, "author", platform, author)
        return self._authors[platform, author]


def _table(schema: pa.Schema, columns: dict[str, list[Any]]) -> pa.Table:
    return pa.table([_array(columns[name], schema.field(name).type) for name in schema.names], schema=schema)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if kind == _TIME and any(value is not None and value.tzinfo is None for value in values):
        raise ValueError("a time without a zone: connectors give times in UTC")
    if kind == _COUNT and not all(map(is_count, values)):
        raise ValueError("a count beyond what any platform counts")
    try:
        return pa.array(values, type=kind)
    except UnicodeEncodeError:
        # Half a character somewhere in the batch: rare enough to look for it only now.
        return pa.array([_sound(value) for value in values], type=kind)


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return sound(value)
    return [sound(item) for item in value] if isinstance(value, tuple) else value
