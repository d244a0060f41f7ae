"""What Reddit can be asked for, and the request for one page of it."""

import re
from dataclasses import dataclass
from typing import Literal

Mode = Literal["new", "comments", "search", "user"]

PAGE_SIZE = 100
CAP = 1000
"""Items that any listing goes back at most: widely observed, not in the official reference."""
_SUBREDDIT = r"(?![uU]_)\w{2,24}"
"""Not u_NAME, which is somebody's own page: asked for as user:NAME, a query is known to name somebody."""
_SUBREDDITS = rf"{_SUBREDDIT}(?:\+{_SUBREDDIT})*"


@dataclass(frozen=True, slots=True)
class Query:
    """One thing to ask Reddit for: `place` is a subreddit (or several, by +) or a user."""

    mode: Mode
    place: str
    words: str = ""

    @property
    def path(self) -> str:
        """The listing's path."""
        if self.mode == "user":
            return f"user/{self.place}/overview"
        return f"r/{self.place}/{self.mode}"

    def params(self, after: str | None) -> dict[str, str | int]:
        """Return the parameters of the page after the item named `after`."""
        params: dict[str, str | int] = {"limit": PAGE_SIZE}
        if self.mode == "search":
            restricted = int(self.place.lower() != "all")
            params |= {"q": self.words, "restrict_sr": restricted, "sort": "new", "t": "all", "type": "link"}
        elif self.mode == "user":
            params["sort"] = "new"
        return params | ({"after": after} if after else {})


def read_query(text: str) -> Query:
    """Read "r/NAME/new", "r/NAME/comments", "search:WORDS@NAME" or "user:NAME"; ValueError says what is wrong."""
    if match := re.fullmatch(rf"/?r/({_SUBREDDITS})/(new|comments)/?", text, re.ASCII):
        return Query("new" if match[2] == "new" else "comments", match[1])
    if match := re.fullmatch(rf"search:\s*(.*\S)\s*@({_SUBREDDITS})", text, re.ASCII | re.DOTALL):
        return Query("search", match[2], match[1])
    if match := re.fullmatch(r"search:\s*([^@]*[^@\s])\s*", text):
        return Query("search", "all", match[1])
    if match := re.fullmatch(r"user:\s*(?:/?u/)?([\w-]{1,40})", text, re.ASCII):
        return Query("user", match[1])
    raise ValueError(
        f'reddit query {text!r}: write "r/NAME/new", "r/NAME/comments", "search:WORDS@NAME" or "user:NAME"'
    )
