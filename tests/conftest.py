"""What many tests share: a Prefect server, one nightly run on the sample panel, the replay server."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from etalage_command import FOREIGN, START_SECONDS, Etalage
from forked import LIGHT
from replay import Replay, replaying
from shared import folder, made_once

from nlp.artefact import MODEL, saved_meta, stamp
from warehouse import vault
from warehouse.page import library

# The same examples in every run, so that a change fails its own tests and nobody else's; and without a limit of time:
# an example that takes long tells of a busy machine.
hypothesis.settings.register_profile("etalage", hypothesis.settings.get_profile("ci"), deadline=None)
hypothesis.settings.load_profile("etalage")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a script's background job ignores Ctrl-C, and so would commands
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of the commands here compiles thousands of files again
for _name in [*os.environ]:  # no token, query, home or server of the person who tests; nothing above reads them
    if _name.startswith(FOREIGN) and _name != "ETALAGE_SCREENSHOTS":
        del os.environ[_name]


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=1) as reply:
            return reply.status == 200
    except (OSError, urllib.error.URLError):
        return False


@pytest.fixture(scope="session")
def prefect_tables(tmp_path_factory) -> Path:
    """A Prefect home whose database has its tables: each server would take nine seconds to make its own."""

    def make(place):
        command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
        subprocess.run(command, env={**os.environ, "PREFECT_HOME": str(place), "DO_NOT_TRACK": "1"}, check=True)

    return made_once(folder(tmp_path_factory), "tables", make)[0]


@pytest.fixture(scope="session")
def prefect_home(prefect_tables, tmp_path_factory) -> Path:
    """Where the session's Prefect server keeps its database."""
    return shutil.copytree(prefect_tables, tmp_path_factory.mktemp("prefect"), dirs_exist_ok=True)


@pytest.fixture(scope="session")
def prefect_server(prefect_home) -> Iterator[str]:
    """The address of one Prefect server for the whole session, on loopback, with a database of its own."""
    home = prefect_home
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_UI_ENABLED": "false",
    }
    address = f"http://127.0.0.1:{port}/api"
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            until = time.monotonic() + START_SECONDS
            while not _answers(address):
                assert server.poll() is None, (home / "server.log").read_text()
                assert time.monotonic() < until, "the Prefect server does not answer"
                time.sleep(0.2)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="session")
def quick_model(tmp_path_factory) -> Path:
    """The model that ships, told to read a post's first words alone and to answer after its first layers.

    All its parts are the real ones; forty nights on the sample panel would else be most of what the tests take.
    """

    def make(place):
        quick = shutil.copytree(MODEL, place / "model")
        file = quick / "encoder" / "encoder.json"
        facts = json.loads(file.read_text("utf-8"))
        file.write_text(json.dumps({**facts, "longest": 16, "clear_from": [0.0 for _ in facts["clear_from"]]}), "utf-8")
        stamp(quick, {name: value for name, value in saved_meta(quick).items() if name != "model_version"})

    return made_once(folder(tmp_path_factory), "quick", make)[0] / "model"


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory) -> Path:
    """The folder of the script that draws charts, as a home keeps it; each would take two seconds to unpack its own."""
    return made_once(folder(tmp_path_factory), "unpacked", lambda place: bool(library.script(place)))[0]


@pytest.fixture
def etalage(prefect_server, quick_model, unpacked, tmp_path) -> Etalage:
    """The command, on the session's Prefect server, with a quick model; of its home there is what draws charts."""
    command = Etalage(tmp_path, {"PREFECT_API_URL": prefect_server, "ETALAGE_MODEL": str(quick_model)})
    command.home.mkdir(mode=0o700)
    shutil.copytree(unpacked, command.home / ".cache")
    return command


@pytest.fixture(scope="session")
def sample_run(prefect_server, prefect_home, tmp_path_factory) -> Etalage:
    """A home in which one nightly run of the shipped model on the sample panel is done; read from it, never write.

    It is the dearest of all nights, and another process of this test run may have had it.
    """
    variables = {"PREFECT_API_URL": prefect_server}

    def make(place):
        first = Etalage(place, variables).afresh("nightly")
        assert first.returncode == 0, first.stderr
        return {"first": vars(first), "prefect_home": str(prefect_home)}

    place, had = made_once(folder(tmp_path_factory), "sample", make)
    command = Etalage(place, variables)
    command.first, command.prefect_home = subprocess.CompletedProcess(**had["first"]), Path(had["prefect_home"])
    return command


@pytest.fixture(scope="session", autouse=True)
def unpacked_once() -> Iterator[None]:
    """The script that draws charts is unpacked once, not for the report in each of a hundred homes."""
    with pytest.MonkeyPatch.context() as once:
        once.setattr(library.vl_convert, "javascript_bundle", cache(library.vl_convert.javascript_bundle))
        yield


@pytest.fixture(scope="session", autouse=True)
def light_vaults() -> Iterator[None]:
    """Vaults opened here take one core and check no signature of an extension, as in the commands that are forked."""
    with pytest.MonkeyPatch.context() as once:
        for name, value in LIGHT.items():
            once.setitem(vault.CONFIG, name, value)
        yield


@pytest.fixture(scope="module")
def recorded() -> Iterator[Replay]:
    """One replay server of recorded platform answers for the module; tests take it as `replay`."""
    with replaying() as server:
        yield server


@pytest.fixture
def replay(recorded) -> Replay:
    """The replay server without faults, deletions and log."""
    recorded.reset()
    return recorded


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).parent.parent
