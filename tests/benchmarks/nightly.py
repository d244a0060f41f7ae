"""How long a nightly run takes on the sample panel: first and second run, without a server and with one, and memory.

    uv run python tests/benchmarks/nightly.py

Absolute times are noise on a shared machine; compare the rows of one run.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENTRY = [sys.executable, "-c", "from flows.start import main; main()"]
PORT = 4299


def timed(home: Path, variables: dict[str, str]) -> tuple[float, dict[str, int]]:
    """Run the nightly command; return its seconds and counts."""
    began = time.perf_counter()
    answer = subprocess.run(
        [*ENTRY, "nightly", "--json", "--home", str(home)],
        cwd=home.parent,
        env={**os.environ, **variables},
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - began, json.loads(answer.stdout)["counts"]


def main() -> None:
    """Print one row a run, and the peak memory of the largest process."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "data"
        rows.append(("first run, no server, fresh home", *timed(home, {})))
        rows.append(("second run, no server", *timed(home, {})))
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(PORT), "--no-ui"],
            env={**os.environ, "PREFECT_HOME": str(home / "prefect"), "DO_NOT_TRACK": "1"},
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
            rows.append(("third run, with a server", *timed(home, {"PREFECT_API_URL": address})))
        finally:
            server.terminate()
            server.wait(timeout=20)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stdout.write("| run | seconds | new posts | annotated |\n| --- | ---: | ---: | ---: |\n")
    for name, seconds, counts in rows:
        sys.stdout.write(f"| {name} | {seconds:.1f} | {counts.get('inserted', 0)} | {counts.get('annotated', 0)} |\n")
    sys.stdout.write(
        f"\nPeak memory of the largest process: {peak:,.0f} MB; load {os.getloadavg()[0]:.1f} on 2 cores\n"
    )


if __name__ == "__main__":
    main()
