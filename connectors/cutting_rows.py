"""Take people and posts out of a stored table or a member's export: row by row, by the posts that rows map to."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from connectors.cutting_names import NOT_SAID, Meant, mark_names
from connectors.files.table_posts import without_names
from connectors.gone import Cut, Gone, is_gone, plain_handle, repeats_gone
from connectors.items import Json
from connectors.post import Post
from connectors.source import Page

_OWN: Final = frozenset({"post_id", "url", "author_id", "handle"})
"""Fields by which a row itself is known: where they name somebody who is gone, the row is that person's."""
_FEDIVERSE: Final = re.compile(r"https://([^/]+)/@([^/@]+)/(\d+)/?")
_BLUESKY: Final = re.compile(r"/profile/(did:[a-z]+:[^/]+)/post/(\w+)")


def without(page: Page, gone: Gone, posts_of: Callable[[Page], Iterable[Post]]) -> Cut | None:
    """Return the table without what is gone: a row goes when its post does, a whole export when its owner does."""
    document = json.loads(page.payload)
    owner = document.get("owner")
    is_whole = isinstance(owner, dict) and gone.author("linkedin", str(owner.get("id")))
    rows: list[Any] = []
    parts: list[Any] = []
    for row in document["rows"]:
        post = next(iter(posts_of(replace(page, payload=_written(document | {"rows": [row]})))), None)
        own = _own(row, document, post)
        if is_whole or (post and is_gone(post, gone)) or _is_of(own, gone):
            parts.append(row)
        else:
            rows.append(_marked(row, own, post, gone))
    left = document | {"rows": rows}
    if is_whole:
        left |= {"owner": {"id": ""}}
    elif isinstance(owner, dict):
        left |= {"owner": _words("linkedin", owner, gone, NOT_SAID)}
    if parts and not rows and "columns" in document:  # a name may stand there, for all rows alike
        left |= {"columns": without_names(document["columns"])}
    if left == document:
        return None
    # a file is often called after whose it is
    return Cut(_written(left | {"file": ""}), parts=tuple(parts))


def _own(row: Any, document: Json, post: Post | None) -> dict[str, str]:
    """Return the fields by which a row is known, also of one that is no post because something else in it is wrong."""
    if post:
        return {
            "platform": post.platform,
            "post_id": post.post_id,
            "url": post.url or "",
            "author_id": post.author_id or "",
            "handle": post.handle or "",
            "text": post.text,
        }
    if "columns" not in document:
        return {"platform": "linkedin"}
    values = (row.get("values") if isinstance(row, dict) else None) or {}
    columns = {field: column for field, column in document["columns"].items() if field in {*_OWN, "platform", "text"}}
    return {
        field: column[1:] if column.startswith("=") else str(values.get(column) or "").strip()
        for field, column in columns.items()
    }


def _is_of(own: dict[str, str], gone: Gone) -> bool:
    platform, key, url, author = (own.get(field, "") for field in ("platform", "post_id", "url", "author_id"))
    return (
        any(gone.post(platform, one) for one in (key, *_ids_in(platform, url)))
        or gone.author(platform, author)
        # Who has no column of ids takes that of handles.
        or any(gone.handle(platform, plain_handle(name)) for name in (own.get("handle", ""), author))
        or (platform == "x" and repeats_gone(own.get("text", ""), gone))
        or any(mark_names(platform, address, gone) != address for address in (key, url))
    )


def _ids_in(platform: str, url: str) -> Iterator[str]:
    """Yield what may be the id of the post at an address."""
    yield url
    for part in re.split(r"[/?#&=]", url):
        yield from (f"t3_{part}", f"t1_{part}") if platform == "reddit" else (part,)
    if found := _FEDIVERSE.fullmatch(url):
        yield "https://{}/users/{}/statuses/{}".format(*found.groups())
    if found := _BLUESKY.search(url):
        yield "at://{}/app.bsky.feed.post/{}".format(*found.groups())


def _marked(row: Any, own: dict[str, str], post: Post | None, gone: Gone) -> Any:
    """Mark names in every value of a row. It keeps the key that its post has, which may be made of its words."""
    server = plain_handle(own.get("handle", "")).partition("@")[2]
    marked = _words(own["platform"], row, gone, Meant(host=server))
    return marked | {"key": post.post_id} if post and marked != row else marked


def _words(platform: str, node: Any, gone: Gone, meant: Meant) -> Any:
    if isinstance(node, str):
        return mark_names(platform, node, gone, meant)
    if isinstance(node, list):
        return [_words(platform, item, gone, meant) for item in node]
    if isinstance(node, dict):
        return {key: _words(platform, value, gone, meant) for key, value in node.items()}
    return node


def _written(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)
