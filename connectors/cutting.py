"""Take people and posts out of stored pages, whatever the format: items, embedded posts, profiles and mentions.

Works on the page's text alone, without network or client. What stays is as the platform wrote it, but for names
of those who are gone in other people's words, which become a mark.
"""

import json
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Final

from connectors import cutting_feeds, cutting_rows
from connectors.cutting_names import NOT_SAID, Meant, mark_names
from connectors.cutting_rules import RULES, Rule
from connectors.gone import Cut, Gone, is_gone
from connectors.mapping import map_page
from connectors.post import Platform, Post
from connectors.source import Page

__all__ = ["EMPTY", "is_gone", "mark_names", "without"]

EMPTY: Final = {
    "x/posts": '{"data":[]}',
    "reddit/listing": '{"data":{"children":[]}}',
    "bluesky/feed": '{"feed":[]}',
    "bluesky/posts": '{"posts":[]}',
    "mastodon/statuses": "[]",
    "feed/entries": cutting_feeds.EMPTY,
    "twarc/lines": '{"file":"","line":1}\n',
    "reddit/archive": '{"file":"","line":1}\n',
    "linkedin/shares": '{"file":"","owner":{"id":""},"rows":[]}',
    "linkedin/comments": '{"file":"","owner":{"id":""},"rows":[]}',
    "table/rows": '{"file":"","columns":{"platform":"=x","created_at":"-","text":"-"},"rows":[]}',
}
"""A page of each format that holds nothing."""

_ROWS: Final = frozenset({"linkedin/shares", "linkedin/comments", "table/rows"})
_LINES: Final = frozenset({"twarc/lines", "reddit/archive"})


def without(page: Page, gone: Gone, *, source: str, query: str) -> Cut | None:
    """Return the page without what is gone, or None when it holds nothing of it.

    A page that cannot be read, or of a format that is not known here, goes whole: what it holds cannot be told.
    """
    cut = _cut(page, gone, source, query)
    if cut is None:
        return None
    before, after = (_posts(one, source, query) for one in (page, replace(page, payload=cut.payload)))
    left: dict[tuple[Platform, str], list[Post]] = {}
    for post in after:
        left.setdefault(_key(post), []).append(post)
    lost = frozenset(map(_key, before)) - left.keys()
    # a page may hold a post twice, in two wordings: the first of before is the first of after
    pairs = [(post, left[_key(post)].pop(0)) for post in before if left.get(_key(post))]
    return replace(cut, posts=lost, reworded=tuple((old, new) for old, new in pairs if old != new))


@dataclass(slots=True)
class _Knife:
    """Cuts what was read from JSON; `parts` collects what goes."""

    rule: Rule
    gone: Gone
    parts: list[Any] = field(default_factory=list)
    is_marked: bool = False

    def cut(self, node: Any, meant: Meant = NOT_SAID) -> Any:
        """Return the node without what is gone; `meant` is what the item around it says of its names."""
        if isinstance(node, list):
            left = (self.rule.stub(item) if self._goes(item) else [self.cut(item, meant)] for item in node)
            return list(chain.from_iterable(left))
        if isinstance(node, dict):
            lost = self.rule.lost(node, self.gone)
            meant = self.rule.meant(node, self.gone) or meant
            self.is_marked = self.is_marked or any(key in node for key in lost)
            return {
                key: self.cut(value, meant) for key, value in node.items() if key not in lost and not self._goes(value)
            }
        if isinstance(node, str):
            marked = mark_names(self.rule.platform, node, self.gone, meant)
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
            # without what a rule marked it by, which no platform said
            self.parts.append({key: value for key, value in node.items() if not key.startswith("\0")})
            return True
        return False


def _cut(page: Page, gone: Gone, source: str, query: str) -> Cut | None:
    try:
        if page.format == "feed/entries":
            return cutting_feeds.without(page.payload, gone)
        if page.format in _ROWS:
            return cutting_rows.without(page, gone, lambda alone: _posts(alone, source, query))
        if page.format in _LINES:
            return _without_lines(page.payload, _Knife(RULES[page.format], gone))
        knife = _Knife(RULES[page.format], gone)
        left = knife.page(json.loads(page.payload))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Cut(EMPTY.get(page.format, ""), parts=(page.payload,))
    if not knife.parts and not knife.is_marked:
        return None
    return Cut(EMPTY[page.format] if left is None else _written(left), parts=tuple(knife.parts))


def _without_lines(payload: str, knife: _Knife) -> Cut | None:
    """Cut a page of lines, each a page or an item; a line that goes leaves an empty one, so that numbers stay."""
    heading, _, text = payload.partition("\n")
    lines = []
    for line in text.split("\n"):
        try:
            document = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            document = None
        before, knife.is_marked = len(knife.parts), False
        left = None if document is None else knife.page(document)
        is_changed = len(knife.parts) > before or knife.is_marked
        lines.append((_written(left) if left is not None else "") if is_changed else line)
    if lines == text.split("\n"):
        return None
    # a file is often called after whose it is
    return Cut("\n".join([_written(json.loads(heading) | {"file": ""}), *lines]), parts=tuple(knife.parts))


def _written(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)


def _posts(page: Page, source: str, query: str) -> tuple[Post, ...]:
    try:
        return map_page(page, source=source, query=query).posts
    except Exception:  # noqa: BLE001 - a page that cannot be mapped holds no posts of ours
        return ()


def _key(post: Post) -> tuple[Platform, str]:
    return post.platform, post.post_id
