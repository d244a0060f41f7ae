"""The replay server of recorded platform answers, when `../shared/wire` is beside the checkout."""

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests

SERVER = Path(__file__).resolve().parents[1].parent / "shared" / "wire" / "replay_server.py"

needs_replay = pytest.mark.skipif(
    not SERVER.is_file(), reason="recorded answers (../shared/wire) are not beside this checkout"
)


@dataclass(frozen=True)
class Replay:
    """A running replay server; its control routes as methods."""

    base_url: str

    def fault(self, target: str, mode: str, **options: Any) -> None:
        """Let the next matching requests fail."""
        self._control("__fault", target=target, mode=mode, **options)

    def delete(self, *ids: str) -> None:
        """Let these items be deleted from now on."""
        self._control("__delete", id=",".join(ids))

    def limit(self, target: str, n: int, window: float) -> None:
        """Allow `n` requests a window of that many seconds."""
        self._control("__limit", target=target, n=n, window=window)

    def reset(self) -> None:
        """Forget faults, limits, deletions and the log."""
        self._control("__reset")

    def log(self) -> list[dict[str, Any]]:
        """Return the requests seen, oldest first."""
        entries: list[dict[str, Any]] = self._control("__log")
        return entries

    def _control(self, route: str, **params: Any) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{self.base_url}/{route}", params=params, timeout=10)
        answer.raise_for_status()
        return answer.json()


@contextlib.contextmanager
def replaying(now: str | None = None) -> Iterator[Replay]:
    """Run the replay server in this process while the block runs."""
    with _server().running(now=now) as base_url:
        yield Replay(base_url)


def _server() -> ModuleType:
    if "replay_server" not in sys.modules:
        spec = importlib.util.spec_from_file_location("replay_server", SERVER)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["replay_server"] = module
        spec.loader.exec_module(module)
        module.ReplayHandler.disable_nagle_algorithm = True  # 40 ms an answer, which no platform has
    return sys.modules["replay_server"]
