"""A small platform on 127.0.0.1, answering as a test tells it to; for tests that need no recordings."""

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request that arrived: `query` and `form` hold the last value of each name, `lists` all of the query's."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    lists: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One answer: `body` is sent as it is when it is text, else as JSON.

    `how` it comes: whole; a second late; a piece at a time over a second; with fewer bytes than announced; or not at
    all, because the connection is reset.
    """

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    how: Literal["whole", "late", "drip", "short", "reset"] = "whole"


@dataclass
class Loopback:
    """Where the platform listens and what it was asked."""

    base_url: str
    asked: list[Asked]

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [request.path for request in self.asked]


@contextlib.contextmanager
def serving(answer: Callable[[Asked], Told]) -> Iterator[Loopback]:
    """Serve while the block runs; each request gets what `answer` returns."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else head and body of each answer go out 40 ms apart

        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            url = urlsplit(self.path)
            request = Asked(
                method=self.command,
                path=unquote(url.path),
                query=_last(url.query),
                form=_last(self.rfile.read(length).decode() if length else ""),
                headers={name.lower(): value for name, value in self.headers.items()},
                lists=parse_qs(url.query),
            )
            asked.append(request)
            told = answer(request)
            if told.how == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            if told.how == "late":
                time.sleep(1)
            text = told.body if isinstance(told.body, str) else json.dumps(told.body)
            content = text.encode()
            self.send_response_only(told.status)
            for name, value in {"content-type": "application/json; charset=utf-8", **told.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content) + 500 * (told.how == "short")))
            if "close" in self.headers.get("connection", "").lower():
                self.send_header("connection", "close")
                self.close_connection = True
            self.end_headers()
            self._write(content, told.how)

        def _write(self, content: bytes, how: str) -> None:
            pieces = 20 if how == "drip" else 1
            size = max(1, -(-len(content) // pieces))
            with contextlib.suppress(OSError):  # nobody waits any more
                for start in range(0, len(content), size):
                    self.wfile.write(content[start : start + size])
                    time.sleep(1 / pieces if how == "drip" else 0)
            self.close_connection |= how == "short"

        do_POST = do_GET  # noqa: N815 - http.server's own name

        def log_message(self, *_args: object) -> None:
            """Keep the terminal quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Loopback(f"http://127.0.0.1:{server.server_address[1]}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def _last(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
