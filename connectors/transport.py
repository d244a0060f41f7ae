"""HTTP sessions with limits: on connecting, on silence, on a whole answer's time and size, and no redirects."""

import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

CHUNK = 65536


class BoundedAdapter(HTTPAdapter):
    """Gives every request time-outs, and every answer a longest duration and a largest size.

    `timeout` is (connect, silence between two bytes) in seconds and is used where the caller sets none or a
    longer one; `total` bounds the whole answer in seconds, which neither requests nor a platform's library
    does: a server that drips one byte a second would hold a worker for hours. `largest` is in bytes.
    """

    def __init__(
        self, *, timeout: tuple[float, float] = (5.0, 30.0), total: float = 120.0, largest: int = 64 * 2**20
    ) -> None:
        self._timeout, self._total, self._largest = timeout, total, largest
        super().__init__()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - the body is always read here
        timeout: Any = None,  # noqa: ARG002 - ours holds, whatever a library passes
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send `request`, read its answer within the limits, and raise a requests exception when it breaks them."""
        deadline = time.monotonic() + self._total
        response = super().send(request, stream=True, timeout=self._timeout, verify=verify, cert=cert, proxies=proxies)
        try:
            content = self._content(response, deadline)
        except requests.RequestException:
            raise  # one of our own limits; it is an OSError too
        except ReadTimeoutError as error:
            raise requests.ReadTimeout(error, request=request) from None
        except DecodeError as error:
            raise requests.exceptions.ContentDecodingError(error, request=request) from None
        except (HTTPError, OSError) as error:
            raise requests.exceptions.ChunkedEncodingError(error, request=request) from None
        finally:
            response.raw.close()
        response.raw = BytesIO(content)
        return response

    def _content(self, response: requests.Response, deadline: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := response.raw.read1(CHUNK, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self._largest:
                raise requests.exceptions.ContentDecodingError(f"answer larger than {self._largest} bytes")
            if time.monotonic() > deadline:
                raise requests.ReadTimeout(f"answer not complete after {self._total:g} s")
        return b"".join(parts)


def bounded_session(adapter: BoundedAdapter | None = None) -> requests.Session:
    """Make a session that follows no redirect, reads no environment or .netrc, keeps no cookies."""
    return bound(requests.Session(), adapter)


def bound(session: requests.Session, adapter: BoundedAdapter | None = None) -> requests.Session:
    """Put a library's own session under the same limits; a redirect raises requests.TooManyRedirects."""
    adapter = adapter or BoundedAdapter()
    session.trust_env = False  # proxies and .netrc could send a credential elsewhere
    session.max_redirects = 0
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
