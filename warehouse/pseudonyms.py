"""Names for people and posts that say nothing, the same every night: a keyed hash of platform and id."""

import hmac
from hashlib import sha256
from typing import Final, Literal

LENGTH: Final = 24
"""Hexadecimal digits kept: 96 bits, so that two of a billion authors meet with a chance under one in 10^10."""

Thing = Literal["author", "post", "organisation", "handle", "annotator", "name"]


def pseudonym(key: bytes, thing: Thing, platform: str, name: str) -> str:
    """Hash `name` on `platform` ("" for an annotator); without the key nobody can go back, or try all names."""
    message = f"{thing}\x1f{platform}\x1f{name}".encode("utf-8", "surrogatepass")
    return hmac.digest(key, message, sha256).hex()[:LENGTH]
