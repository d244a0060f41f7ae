"""What Mastodon can be asked for, and where the collecting of one window stands."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Mode = Literal["tag", "account"]


@dataclass(frozen=True, slots=True)
class Query:
    """One thing to ask an instance for: a hashtag without #, or an account as the instance names it."""

    mode: Mode
    value: str
    instance: str


def read_query(text: str, instances: Collection[str] | None = None) -> Query:
    """Read "tag:WORD@INSTANCE" or "account:NAME@INSTANCE"; ValueError says what is wrong.

    An account of another server is named in full: "account:anna@other.example@mastodon.nl". With `instances`
    the query's instance has to be among them.
    """
    mode, _, rest = text.partition(":")
    value, at, instance = rest.strip().rpartition("@")
    value = value.strip().lstrip("#") if mode == "tag" else value.strip().lstrip("@")
    if mode not in ("tag", "account") or not at or not value or not instance:
        raise ValueError(f'mastodon query {text!r}: write "tag:WORD@INSTANCE" or "account:NAME@INSTANCE"')
    if mode == "tag" and not re.fullmatch(r"\w+", value):
        raise ValueError(f"mastodon query {text!r}: a hashtag is one word, without blanks or signs")
    if mode == "account" and not re.fullmatch(r"[\w.-]+(?:@[\w.:-]+)?", value):
        raise ValueError(f"mastodon query {text!r}: this is no account name")
    if instances is not None and instance not in instances:
        known = ", ".join(sorted(instances)) or "none"
        raise ValueError(f"mastodon query {text!r}: {instance!r} is not among the instances set up ({known})")
    return Query("tag" if mode == "tag" else "account", value, instance)


@dataclass(frozen=True, slots=True)
class Place:
    """The next request of a window, kept as one line of text: statuses before the id `max_id`.

    `account` is the instance's id of the account asked for.
    """

    max_id: str | None = None
    account: str | None = None
