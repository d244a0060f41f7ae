"""What may no longer be kept: a test on ids and names, so that a page can be cut by known ids or by keyed hashes."""

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import normalize

from connectors.post import Platform, Post

Test = Callable[[str, str], bool]
"""Says of (platform, id or name) whether it may no longer be kept."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Tests on a post's id, an account's id and an account's name (lower case, without @)."""

    post: Test
    author: Test
    handle: Test


@dataclass(frozen=True, slots=True)
class Cut:
    """A page without what is gone: its new text, the keys of the posts that it no longer holds, the parts taken out.

    `reworded` are the posts that stay and say something else now: as they were, and as they are.
    """

    payload: str
    posts: frozenset[tuple[Platform, str]] = frozenset()
    parts: tuple[Any, ...] = ()
    reworded: tuple[tuple[Post, Post], ...] = ()


def among(
    posts: Collection[tuple[str, str]], authors: Collection[tuple[str, str]], handles: Collection[tuple[str, str]]
) -> Gone:
    """Test by what is listed, each as (platform, id or name)."""
    lists = [frozenset(listed) for listed in (posts, authors, handles)]
    return Gone(*((lambda platform, name, listed=listed: (platform, name) in listed) for listed in lists))


def is_gone(post: Post, gone: Gone) -> bool:
    """Tell whether a post, its author or, of a repost, the original may no longer be kept."""
    return bool(
        gone.post(post.platform, post.post_id)
        or (post.kind == "repost" and post.parent_id and gone.post(post.platform, post.parent_id))
        or (post.author_id and gone.author(post.platform, post.author_id))
        or (post.handle and gone.handle(post.platform, plain_handle(post.handle)))
    )


_REPEATED: Final = re.compile(r"(?:RT @\w{1,15}:\s*)+")
"""How X begins the text of a bare repost, and people one by hand; what was reposted may be a repost itself."""


def repeats_gone(text: str, gone: Gone, former: Collection[str] = ()) -> bool:
    """Tell whether a text of X is a bare repost of somebody who is gone, also by one of `former` names."""
    names = re.findall(r"@(\w+)", repeated[0].lower()) if (repeated := _REPEATED.match(text)) else []
    return any(name in former or gone.handle("x", name) for name in names)


_PERSONAL: Final = re.compile(r"(?:timeline|author|user|account):\s*@?(?:/?u/)?(\S+)\s*", re.IGNORECASE)


def person_in(query: str) -> str | None:
    """Return whom a query names, in lower case: an account's name or id, or a feed's address; None for words."""
    if "://" in query:
        return query
    match = _PERSONAL.fullmatch(query)
    return match[1].lower() if match else None


def plain_handle(handle: str) -> str:
    """Return an account's name as it is compared: lower case, without the @ or u/ that people write before it."""
    return re.sub(r"^(?:@|/?u/)", "", normalize("NFC", handle).strip()).lower()


def donor_id(name: str) -> str:
    """Return the id of a LinkedIn export's owner, who is known by name alone: whoever asks has only that as well."""
    plain = " ".join(normalize("NFC", name).lower().split())
    return "donor:" + hashlib.sha256(plain.encode()).hexdigest()[:24]


def plain_or_none(name: Any) -> str | None:
    """Return an account's name as it is compared, None for what is no name."""
    return plain_handle(name) if isinstance(name, str) else None


def known(test: Test, platform: str, name: Any) -> bool:
    """Tell whether a test knows what a payload has for an id or a name; what is none is not known."""
    return isinstance(name, str) and bool(name) and test(platform, name)
