"""Every answer has a longest duration and a largest size, and no redirect is followed."""

import socket
import threading
import time

import pytest
import requests
from loopback import Told, serving

from connectors.transport import BoundedAdapter, bounded_session


def dripping(parts, pause):
    """Listen once and answer a piece at a time; return the address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _ = listener.accept()
        with connection, listener:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
            try:
                for _ in range(parts):
                    connection.sendall(b"x" * 10)
                    time.sleep(pause)
            except OSError:
                return

    threading.Thread(target=answer, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_an_answer_that_drips_is_given_up():
    """A server that never falls silent still has to finish in time."""
    session = bounded_session(BoundedAdapter(timeout=(1, 1), total=0.2))
    started = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        session.get(dripping(100, 0.05))

    assert time.monotonic() - started < 2


def test_an_answer_cut_short_is_an_error():
    """Fewer bytes than announced are no answer."""
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        bounded_session().get(dripping(3, 0))


def test_an_answer_too_large_is_given_up():
    """An answer beyond the largest size is not taken into memory."""
    with serving(lambda _asked: Told("x" * 5000)) as server, pytest.raises(requests.RequestException):
        bounded_session(BoundedAdapter(largest=1000)).get(server.base_url)


def test_a_whole_answer_arrives():
    """Within the limits an answer is as it was sent, and the connection is used again."""
    with serving(lambda _asked: Told("é" * 100_000)) as server:
        session = bounded_session()
        answers = [session.get(server.base_url).text for _ in range(2)]

    assert answers == ["é" * 100_000] * 2


def test_a_redirect_is_not_followed():
    """Following is left to nobody."""
    with serving(lambda _asked: Told("", 302, {"location": "/other"})) as server:
        with pytest.raises(requests.TooManyRedirects):
            bounded_session().get(server.base_url + "/here")

        assert server.paths == ["/here"]


def test_no_cookie_is_kept():
    """A cookie set by one answer is not sent with the next request."""
    with serving(lambda _asked: Told("", headers={"set-cookie": "a=b"})) as server:
        session = bounded_session()
        session.get(server.base_url)
        session.get(server.base_url)

    assert all("cookie" not in asked.headers for asked in server.asked)
