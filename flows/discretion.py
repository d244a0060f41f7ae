"""What a person's name may not reach: Prefect's database, logs, run messages. A query is told by its number there."""

import re
from collections.abc import Sequence

from connectors.gone import person_in

_OPERATOR = re.compile(
    r"\b(from|to|url|author|user|retweets_of|mentions|domain|site):\s*(\"[^\"]*\"|[^\s()\"]+)", re.IGNORECASE
)
"""Words of a search that name an account, or a place of the web that may be one's own."""
_MENTION = re.compile(r"(?:(?<![\w@)\"'\]])|(?<=[\s(:-][\"']))@[\w.-]+")
"""An account in a search; what stands right behind words, as in Reddit's search:WORDS@NAME, is a place."""
_ADDRESS = re.compile(r"(?<=has moved to ).+(?=: )|https?://[^\s'\"<>]+?(?=[:;,.]?(?:\s|$))")
_QUOTED = re.compile(r"\b(query|feed) (['\"]).*?\2(?=:)", re.DOTALL)


def unquoted(words: str, source: str = "", queries: Sequence[str] = ()) -> str:
    """Return what a connector says of a query that it cannot read, with the query's place instead of the query."""
    for number, query in enumerate(queries):
        words = words.replace(f"{source} query {query!r}", f"{source}.queries[{number}]")
        words = words.replace(f"feed {query!r}", f"{source}.urls[{number}]")
    return _QUOTED.sub(r"\1", words)


def discreet(query: str, queries: Sequence[str] = ()) -> str:
    """Return the query as it may be shown anywhere: the words asked for, but no account's name."""
    if person_in(query) is None:
        return _MENTION.sub("@...", _OPERATOR.sub(r"\1:...", query))
    kind = query.partition(":")[0] if "://" not in query else "feed"
    return f"{kind} (query {queries.index(query) + 1})" if query in queries else f"{kind}:..."


def discreet_words(words: str, query: str, queries: Sequence[str] = ()) -> str:
    """Return a message about a query without the account that the query names, or where that has moved."""
    shown = discreet(query, queries)
    if "://" in query:
        words = _ADDRESS.sub(lambda found: shown if found[0] == query else "...", words)
    words = words.replace(query, shown)
    person = person_in(query)
    if person is not None:
        names = {person, person.rpartition("@")[0]} if "@" in person else {person}
        for name in sorted(filter(None, names), key=len, reverse=True):
            words = re.sub(rf"@?\b{re.escape(name)}\b", "...", words, flags=re.IGNORECASE)
    return words
