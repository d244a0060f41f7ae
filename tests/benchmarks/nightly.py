"""How long a nightly run takes on the sample panel: first and second run, without a server and with one, and memory.

    uv run python tests/benchmarks/nightly.py

Absolute times are noise on a shared machine: processor seconds (of the command and the server that it starts) are
steadier, and the rows of one run can be compared. Memory is that of the command and all that it starts together.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENTRY = [sys.executable, "-c", "from flows.start import main; main()"]
PORT = 4299
SAMPLED_EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Took:
    """What one command took: wall clock, processor time, the most memory of its processes together."""

    seconds: float
    processor_seconds: float
    peak_mb: float
    printed: str


def took(command: list[str], place: Path, variables: dict[str, str]) -> Took:
    """Run a command to its end and watch it."""
    before, began, peak = os.times(), time.perf_counter(), 0.0
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ETALAGE_", "PREFECT_"))}
    with (place / "printed").open("w+") as printed:
        process = subprocess.Popen(command, cwd=place, env=clean | variables, stdout=printed, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            peak = max(peak, memory_mb(process.pid))
            time.sleep(SAMPLED_EVERY_SECONDS)
        seconds, after = time.perf_counter() - began, os.times()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        printed.seek(0)
        processor = after.children_user + after.children_system - before.children_user - before.children_system
        return Took(seconds, processor, peak, printed.read())


def memory_mb(process: int) -> float:
    """Return what a process and its descendants have in memory, shared pages counted once a process."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:  # it ended meanwhile
        return 0.0
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return own / 1024 + sum(memory_mb(int(child)) for child in children)


def main() -> None:
    """Print one row a command."""
    rows: list[tuple[str, Took]] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        nightly = [*ENTRY, "nightly", "--json"]
        rows.append(("first run, no server, fresh home", took(nightly, place, {})))
        rows.append(("second run, no server", took(nightly, place, {})))
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(PORT), "--no-ui"],
            env={**os.environ, "PREFECT_HOME": str(place / "server"), "DO_NOT_TRACK": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{PORT}/api"
        try:
            sys.path.insert(0, str(ROOT))
            from flows.prefect_api import answers  # noqa: PLC0415 - the checkout's

            until = time.monotonic() + 90
            while not answers(address) and time.monotonic() < until:
                time.sleep(0.2)
            with_server = {"PREFECT_API_URL": address}
            rows.append(("third run, with a server", took(nightly, place, with_server)))
            rows.append(("fourth run, with a server", took(nightly, place, with_server)))
        finally:
            server.terminate()
            server.wait(timeout=20)
        rows.append(("etalage --help", took([*ENTRY, "--help"], place, {})))
        rows.append(("python -c pass", took([sys.executable, "-c", "pass"], place, {})))
    write = sys.stdout.write
    write("| command | seconds | processor seconds | peak MB | new posts | annotated |\n")
    write("| --- | ---: | ---: | ---: | ---: | ---: |\n")
    for name, one in rows:
        counts = json.loads(one.printed)["counts"] if one.printed.startswith("{") else {}
        new, annotated = counts.get("inserted", ""), counts.get("annotated", "")
        write(
            f"| {name} | {one.seconds:.1f} | {one.processor_seconds:.1f} | {one.peak_mb:,.0f} | {new} | {annotated} |\n"
        )
    write(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")


if __name__ == "__main__":
    main()
