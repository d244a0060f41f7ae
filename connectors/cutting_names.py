"""Names of those who are gone in other people's words, as platforms write them: mentions, links to profiles, DIDs.

A link says of itself on which platform somebody is; a bare "@anna" is read as the platform of its page reads it, and
on Mastodon by what the item says of whom it means. No repeat can be tried in two ways, and hardly one is unbounded.
Possessive repeats would say so, but Python before 3.11.5 matches them wrongly.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from connectors.gone import Gone

MARK: Final = "[account]"

_SIGNS: Final = ("@", "\uff20", "/", "did", "u_")
_NAME: Final = r"\w(?:[\w.\-]{0,62}\w)?"
_SERVER: Final = r"(?:[\w\-]{1,63}\.){1,6}\w[\w\-]{1,62}"
_NAMED: Final = re.compile(
    r"(?P<did>did(?::|%3a)(?:plc|web)(?::|%3a)[a-z0-9](?:[a-z0-9._\-]{0,250}[a-z0-9])?)"
    rf"|(?<!\w)bsky\.app/profile/(?!did(?::|%3a))@?(?P<bluesky>{_NAME})"
    r"|(?<!\w)(?:x|twitter)\.com/(?:\#!/)?@?(?P<x>\w{1,30})"
    r"|(?:(?<!\w)redd(?:it\.com|\.it)/(?:u|user)/|(?<![\w@/])u/|(?<![\w@])/u/)(?P<reddit>(?:[\w\-]|\\_){1,40})"
    r"|(?:(?<![\w@])/user/|(?<![\w@])u_)(?P<redditor>(?:[\w\-]|\\_){1,40})"
    r"|(?<!\w)linkedin\.com/(?:in|posts)/(?P<linkedin>(?:[^\W_]|[\-%]){1,100})"
    rf"|(?<![\w.@\-])(?P<server>{_SERVER})(?::\d{{1,5}})?/(?:@|%40|users/)(?P<user>{_NAME})(?:@(?P<home>{_SERVER}))?"
    r"|(?<![\w@\uff20])[@\uff20](?:<span[^<>]{0,80}>|&lt;span&gt;)?[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]{0,3}"
    rf"(?P<name>{_NAME})(?:@(?P<at>{_SERVER}))?",
    re.IGNORECASE,
)
_LINK: Final = re.compile(  # in a feed, tags may be written with entities
    r"(?:<|&lt;)a\b(?P<attributes>(?:[^<>&]|&(?!lt;|gt;)){0,2000})(?:>|&gt;)"
    r"(?P<words>(?:[^<&]|(?:<|&lt;)(?!/?a\b)|&(?!lt;)){0,1000})(?=(?:<|&lt;)/a\b)",
    re.IGNORECASE,
)
_TO: Final = re.compile(
    r"\bhref\s*=\s*(?:[\"']|&quot;|&#3[49];)?(?P<to>(?:[^\s\"'<>&]|&(?!quot;|#3[49];)){1,2000})", re.IGNORECASE
)
_REST: Final = re.compile(r"/?(?:[?#].*)?", re.DOTALL)
"""What may follow a profile's address that is all of a link."""
_TAGS: Final = re.compile(r"(?:<|&lt;)[^<>&]{0,500}(?:>|&gt;)")
_FEED_OF: Final = re.compile(r"\.(?:rss|atom|json)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom an item means, where it says so: by short names and by addresses of profiles, in lower case.

    `kept` are others with such a name. A name without a server, of neither, is somebody of `host`.
    """

    gone: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    host: str = ""


NOT_SAID: Final = Meant()


def mark_names(platform: str, text: str, gone: Gone, meant: Meant = NOT_SAID) -> str:
    """Replace the names of accounts that are gone in other people's words."""
    if not any(sign in text for sign in _SIGNS):
        return text
    parts, at = [], 0
    for link in _LINK.finditer(text):
        parts += [_marked(platform, text[at : link.start()], gone, meant), _link(platform, link, gone, meant)]
        at = link.end()
    return "".join([*parts, _marked(platform, text[at:], gone, meant)])


def _link(platform: str, link: re.Match[str], gone: Gone, meant: Meant) -> str:
    """Mark a link and its words: "@anna" there is whom the link leads to, whoever else has that name.

    All words of a link to the profile of who is gone are a name for that person, or a piece of the address.
    """
    tag, words = link[0][: link.start("words") - link.start()], link["words"]
    found = _TO.search(link["attributes"])
    to = html.unescape(found["to"]) if found else ""
    found_there = list(_found(platform, to, gone, NOT_SAID))
    names = {match[0][start:end].lower() for match, start, end in found_there}
    led = to.lower().rstrip("/")
    if led in meant.gone or any(_REST.fullmatch(to, match.start() + end) for match, _, end in found_there):
        words = f"@{MARK}" if _TAGS.sub("", words).lstrip().startswith("@") else MARK
    if led in meant.gone:
        inner = replace(meant, kept=frozenset())
        tag = _marked(platform, tag, gone, inner)
        tag = tag.replace(found["to"], MARK) if found else tag
    else:
        inner = Meant(frozenset(name.partition("@")[0] for name in names)) if to else meant
        tag = _marked(platform, tag, gone, inner)
    return tag + _marked(platform, words, gone, inner)


def _marked(platform: str, text: str, gone: Gone, meant: Meant) -> str:
    parts, at = [], 0
    for match, start, end in _found(platform, text, gone, meant):
        parts += [text[at : match.start() + start], MARK]
        at = match.start() + end
    return "".join([*parts, text[at:]]) if parts else text


def _found(platform: str, text: str, gone: Gone, meant: Meant) -> Iterator[tuple[re.Match[str], int, int]]:
    """Yield each place where somebody who is gone is named: the match, and where in it the name begins and ends."""
    for match in _NAMED.finditer(text):
        group = next(name for name in _KINDS if match[name])
        name = _gone_name(platform, group, match, gone, meant)
        if name:
            start = match.start(group) - match.start()
            yield match, start, start + len(name)


_KINDS: Final = ("did", "bluesky", "x", "reddit", "redditor", "linkedin", "user", "name")


def _gone_name(platform: str, kind: str, match: re.Match[str], gone: Gone, meant: Meant) -> str | None:
    """Return the name of who is gone as it is written, as much of what was found as is the name; None for others."""
    name = match[kind]
    if kind == "did":
        return name if gone.author("bluesky", unquote(name)) else None
    if kind == "linkedin":
        plain = unquote(name)
        return name if gone.handle("linkedin", plain.lower()) or gone.author("linkedin", plain) else None
    if kind in ("reddit", "redditor"):
        known = kind == "reddit" or platform == "reddit"
        names = (name, name.rstrip("-")) if known else ()
        # its editor writes an underscore as Markdown wants it
        return next((one for one in names if gone.handle("reddit", one.replace("\\", "").lower())), None)
    if kind == "user":
        return _fediverse_name(match, gone)
    if kind == "name":
        return _mentioned(platform, match, gone, meant)
    return name if gone.handle(kind, name.lower()) else None


def _fediverse_name(match: re.Match[str], gone: Gone) -> str | None:
    """Read a profile's address on a server, which may show somebody of another."""
    name, server, home = match["user"], match["server"], match["home"]
    if home:
        return f"{name}@{home}" if gone.handle("mastodon", f"{name}@{home}".lower()) else None
    for one in dict.fromkeys((name, _FEED_OF.sub("", name))):
        is_gone = gone.handle("mastodon", f"{one}@{server}".lower())
        if is_gone or gone.author("mastodon", f"https://{server}/users/{one}"):
            return one
    return None


def _mentioned(platform: str, match: re.Match[str], gone: Gone, meant: Meant) -> str | None:
    name, server = match["name"], match["at"]
    if server:
        return f"{name}@{server}" if gone.handle("mastodon", f"{name}@{server}".lower()) else None
    if "." in name and gone.handle("bluesky", name.lower()):  # a domain says by itself whose it is
        return name
    if platform == "x":  # its names have neither stop nor hyphen: "@noor.Dank"
        name = re.match(r"\w*", name)[0]  # type: ignore[index]  # it may be empty, and is always found
    short = name.lower()
    if short in meant.gone:
        return name
    if platform != "mastodon":
        return name if gone.handle(platform, short) else None
    is_own = bool(meant.host) and short not in meant.kept
    return name if is_own and gone.handle("mastodon", f"{short}@{meant.host}") else None
