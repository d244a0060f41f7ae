"""How often corrected and naive intervals hold the truth, over many runs and circumstances.

Run: uv run python tests/benchmarks/coverage.py [--runs 5000]
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulated import Role, night

CASES = {
    "HR, 150 audited": Role(200, 150, busy=0.3, quiet=0.5, sensitivity=0.75, specificity=0.9),
    "marketing, 120 audited": Role(150, 120, busy=0.6, quiet=0.45, sensitivity=0.9, specificity=0.75),
    "HR, 60 audited": Role(200, 60, busy=0.3, quiet=0.5, sensitivity=0.75, specificity=0.9),
    "HR, 600 audited": Role(200, 600, busy=0.3, quiet=0.5, sensitivity=0.75, specificity=0.9),
    "60 authors, 40 audited": Role(60, 40, busy=0.3, quiet=0.5, sensitivity=0.75, specificity=0.9),
    "label of 5 percent": Role(200, 150, busy=0.05, quiet=0.05, sensitivity=0.6, specificity=0.98),
    "label of 2 percent": Role(200, 150, busy=0.02, quiet=0.02, sensitivity=0.5, specificity=0.99),
    "useless classifier": Role(200, 150, busy=0.3, quiet=0.5, sensitivity=0.5, specificity=0.5),
    "perfect classifier": Role(200, 150, busy=0.3, quiet=0.5, sensitivity=0.999, specificity=0.999),
}


def main() -> None:
    """Print one row a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5_000)
    runs = parser.parse_args().runs
    print("| case | truth | naive mean | naive covers | corrected mean | corrected covers | width | seconds |")  # noqa: T201 - its job
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")  # noqa: T201
    for name, role in CASES.items():
        chance, start, truth = np.random.default_rng(2013), time.perf_counter(), role.truth
        found = [night(chance, role) for _ in range(runs)]
        low = np.array([one.corrected.low[0] for one in found])
        high = np.array([one.corrected.high[0] for one in found])
        naive = np.array([one.naive for one in found])
        half = np.array([one.naive_half for one in found])
        share = np.mean([one.corrected.share[0] for one in found])
        print(  # noqa: T201
            f"| {name} | {truth:.3f} | {naive.mean():.3f} | {np.mean(abs(naive - truth) <= half):.1%} | {share:.3f} "
            f"| {np.mean((low <= truth) & (truth <= high)):.1%} | {np.mean(high - low):.3f} "
            f"| {time.perf_counter() - start:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
