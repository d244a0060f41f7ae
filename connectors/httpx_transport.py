"""The limits of `transport.BoundedAdapter` for clients that speak through httpx."""

import time
from typing import Any

import httpx

_DECODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class BoundedTransport(httpx.HTTPTransport):
    """Reads each answer within `total` seconds and up to `largest` bytes, else raises an httpx error.

    Time-outs for connecting and for silence are the client's own; httpx has none for a whole answer.
    """

    def __init__(self, *, total: float = 120.0, largest: int = 64 * 2**20, **options: Any) -> None:
        super().__init__(trust_env=False, **options)
        self._total, self._largest = total, largest

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and return its answer, read and decoded."""
        deadline = time.monotonic() + self._total
        answer = super().handle_request(request)
        parts: list[bytes] = []
        size = 0
        try:
            for part in answer.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > self._largest:
                    raise httpx.DecodingError(f"answer larger than {self._largest} bytes", request=request)
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout(f"answer not complete after {self._total:g} s", request=request)
        finally:
            answer.close()
        headers = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in _DECODED]
        return httpx.Response(answer.status_code, headers=headers, content=b"".join(parts), request=request)
