"""Take people and posts out of stored pages, whatever the format: items, embedded posts, profiles and mentions.

Works on the page's text alone, without network or client. What stays is as the platform wrote it, but for names
of those who are gone in other people's words, which become a mark.
"""

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any, Final

from connectors import cutting_feeds
from connectors.cutting_rules import RULES, Rule
from connectors.gone import Cut, Gone, plain_handle
from connectors.mapping import map_page
from connectors.post import Platform, Post
from connectors.source import Page

MARK: Final = "[account]"
EMPTY: Final = {
    "x/posts": '{"data":[]}',
    "reddit/listing": '{"data":{"children":[]}}',
    "bluesky/feed": '{"feed":[]}',
    "bluesky/posts": '{"posts":[]}',
    "mastodon/statuses": "[]",
    "feed/entries": '{"url":"https://none.invalid","unchanged":true}',
    "twarc/lines": '{"file":"","line":1}\n',
    "reddit/archive": '{"file":"","line":1}\n',
    "linkedin/shares": '{"file":"","owner":{"id":""},"rows":[]}',
    "linkedin/comments": '{"file":"","owner":{"id":""},"rows":[]}',
    "table/rows": '{"file":"","columns":{"platform":"=x","created_at":"-","text":"-"},"rows":[]}',
}
"""A page of each format that holds nothing."""

_ROWS: Final = frozenset({"linkedin/shares", "linkedin/comments", "table/rows"})
_LINES: Final = frozenset({"twarc/lines", "reddit/archive"})
_NAMED: Final = re.compile(
    r"(?<![\w@])(?P<before>@|/?u/|(?:x|twitter)\.com/|bsky\.app/profile/)"
    r"(?P<name>\w(?:[\w.\-]{0,62}\w)?(?:@[\w.\-]{1,80}\w)?)"
    r"|(?P<did>did:(?:plc|web):[A-Za-z0-9._:%\-]+)"
)


def without(page: Page, gone: Gone, *, source: str, query: str) -> Cut | None:
    """Return the page without what is gone, or None when it holds nothing of it.

    A page that cannot be read, or of a format that is not known here, goes whole: what it holds cannot be told.
    """
    cut = _cut(page, gone, source, query)
    if cut is None:
        return None
    before, after = (_posts(one, source, query) for one in (page, replace(page, payload=cut.payload)))
    return replace(cut, posts=frozenset(map(_key, before)) - frozenset(map(_key, after)))


def mark_names(platform: str, text: str, gone: Gone) -> str:
    """Replace the names of accounts that are gone in other people's words."""
    if "@" not in text and "/" not in text and "did:" not in text:
        return text

    def mark(match: re.Match[str]) -> str:
        if match["did"]:
            return MARK if gone.author("bluesky", match["did"]) else match[0]
        return match["before"] + MARK if gone.handle(platform, plain_handle(match["name"])) else match[0]

    return _NAMED.sub(mark, text)


def is_gone(post: Post, gone: Gone) -> bool:
    """Tell whether a post, its author or, of a repost, the original may no longer be kept."""
    return bool(
        gone.post(post.platform, post.post_id)
        or (post.kind == "repost" and post.parent_id and gone.post(post.platform, post.parent_id))
        or (post.author_id and gone.author(post.platform, post.author_id))
        or (post.handle and gone.handle(post.platform, plain_handle(post.handle)))
    )


@dataclass(slots=True)
class _Knife:
    """Cuts what was read from JSON; `parts` collects what goes."""

    rule: Rule
    gone: Gone
    parts: list[Any] = field(default_factory=list)
    is_marked: bool = False

    def cut(self, node: Any) -> Any:
        """Return the node without what is gone."""
        if isinstance(node, list):
            return [self.cut(item) for item in node if not self._goes(item)]
        if isinstance(node, dict):
            lost = self.rule.lost(node, self.gone)
            self.is_marked = self.is_marked or any(key in node for key in lost)
            return {key: self.cut(value) for key, value in node.items() if key not in lost and not self._goes(value)}
        if isinstance(node, str):
            marked = mark_names(self.rule.platform, node, self.gone)
            self.is_marked = self.is_marked or marked != node
            return marked
        return node

    def page(self, document: Any) -> Any:
        """Return a whole page without what is gone."""
        if self._goes(document):
            return None
        before = len(self.parts)
        left = self.cut(self.rule.prepare(document, self.gone))
        return self.rule.tidy(left) if len(self.parts) > before else left

    def _goes(self, node: Any) -> bool:
        if isinstance(node, dict) and self.rule.is_gone(node, self.gone):
            self.parts.append(node)
            return True
        return False


def _cut(page: Page, gone: Gone, source: str, query: str) -> Cut | None:
    try:
        if page.format == "feed/entries":
            return cutting_feeds.without(page.payload, gone)
        if page.format in _ROWS:
            return _without_rows(page, gone, source, query)
        if page.format in _LINES:
            return _without_lines(page.payload, _Knife(RULES[page.format], gone))
        knife = _Knife(RULES[page.format], gone)
        left = knife.page(json.loads(page.payload))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Cut(EMPTY.get(page.format, ""), frozenset(), (page.payload,))
    return Cut(_written(left), frozenset(), tuple(knife.parts)) if knife.parts or knife.is_marked else None


def _without_lines(payload: str, knife: _Knife) -> Cut | None:
    """Cut a page of lines, each a page or an item; a line that goes leaves an empty one, so that numbers stay."""
    heading, _, text = payload.partition("\n")
    lines = []
    for line in text.split("\n"):
        try:
            document = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            document = None
        before, marked = len(knife.parts), knife.is_marked
        left = None if document is None else knife.page(document)
        is_changed = len(knife.parts) > before or knife.is_marked != marked
        lines.append((_written(left) if left is not None else "") if is_changed else line)
        knife.is_marked = knife.is_marked or marked
    cut = "\n".join([heading, *lines])
    return Cut(cut, frozenset(), tuple(knife.parts)) if cut != payload else None


def _without_rows(page: Page, gone: Gone, source: str, query: str) -> Cut | None:
    """Cut a table: a row goes when the post that it maps to does, a whole export when its owner does."""
    document = json.loads(page.payload)
    rows, parts = [], []
    for row in document["rows"]:
        alone = replace(page, payload=_written(document | {"rows": [row]}))
        if any(is_gone(post, gone) for post in _posts(alone, source, query)):
            parts.append(row)
        else:
            rows.append(row)
    owner = document.get("owner")
    if isinstance(owner, dict) and gone.author("linkedin", str(owner.get("id"))):
        return Cut(EMPTY[page.format], frozenset(), tuple(parts))
    return Cut(_written(document | {"rows": rows}), frozenset(), tuple(parts)) if parts else None


def _written(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)


def _posts(page: Page, source: str, query: str) -> tuple[Post, ...]:
    try:
        return map_page(page, source=source, query=query).posts
    except Exception:  # noqa: BLE001 - a page that cannot be mapped holds no posts of ours
        return ()


def _key(post: Post) -> tuple[Platform, str]:
    return post.platform, post.post_id
