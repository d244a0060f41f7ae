"""Two hundred runs killed at random moments of every step: nothing lost, nothing doubled, nobody erased is back."""

import json
import os
import subprocess
import sys

import crash
import pytest

KILLS = int(os.environ.get("CRASH_KILLS", "200"))
"""CRASH_KILLS=2000 uv run pytest tests/test_crash.py: the longer form."""
AT_ONCE = 2


@pytest.mark.timeout(KILLS * 4 + 120)
def test_killed_runs(root):
    """Every life of twenty kills ends with exactly what was served; every step was hit."""
    started = [
        subprocess.Popen(
            [
                sys.executable,
                str(root / "tests/crash.py"),
                "--kills",
                str(KILLS // AT_ONCE),
                "--seed",
                str(1000 * part),
            ],
            cwd=root,
            env=os.environ | {"PYTHONPATH": f"{root}:{root / 'tests'}", "NO_PROXY": "127.0.0.1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for part in range(AT_ONCE)
    ]
    ended = [process.communicate() for process in started]
    told = [json.loads(out.splitlines()[-1]) if out else {"broken": err[-2000:]} for out, err in ended]

    assert [one for one in told if "broken" in one] == []
    assert sum(one["kills"] for one in told) >= KILLS
    hit = set().union(*(one["by_step"] for one in told))
    assert set(crash.STEPS) <= hit
