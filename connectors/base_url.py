"""Where a credential may be sent: https anywhere, plain http to this machine alone."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def checked_base_url(url: str) -> str:
    """Return `url` without a trailing slash when a credential may go there, else raise ValueError.

    Allowed are https with any host, and http with a loopback address or `localhost`. The message never
    repeats user information that somebody put in the URL.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("base_url is no URL: write it as https://host or http://127.0.0.1:port") from None
    if not url.isprintable() or any(character.isspace() for character in url) or "\\" in url:
        raise ValueError("base_url holds a blank, a backslash or a control character: remove it")
    if parts.username is not None or parts.password is not None:
        raise ValueError("base_url holds a user name or password: put credentials in their own settings")
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"base_url {url!r} is no web address: write it as https://host or http://127.0.0.1:port")
    if parts.query or parts.fragment:
        raise ValueError(f"base_url for {host} holds a query or fragment: end it with the host or a path")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(f"base_url {url!r} would send a credential in the clear: use https, or a loopback address")
    return url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Tell whether `host` is `localhost` or an address of the loopback network."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
