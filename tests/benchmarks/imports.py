"""How fast files become posts on one core, beside parsing their JSON alone, and whether memory stays flat.

    uv run python tests/benchmarks/imports.py [--large]

`--large` adds a file of 2 GB, written to a temporary folder and removed.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import zstandard

SENTENCE = "wij zoeken een planner die graag met mensen praat en roosters maakt voor de ploeg van vrijdag"
WORDS = tuple(SENTENCE.split())
EPOCH = 1_700_000_000
COUNTS = (20_000, 40_000, 80_000)
LARGE = 2 * 10**9

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from connectors.files.reading import read_pages
from connectors.mapping import map_page
posts = rejects = 0
began = time.process_time()
for page in read_pages(sys.argv[1], Path(sys.argv[2])):
    mapped = map_page(page, source="files", query="q")
    posts += len(mapped.posts)
    rejects += len(mapped.rejects)
seconds = time.process_time() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"posts": posts, "rejects": rejects, "seconds": seconds, "peak": peak}))
"""
BARE = """
import gzip, io, json, sys, time, zstandard
path = sys.argv[1]
raw = open(path, "rb")
if path.endswith(".zst"):
    raw = io.BufferedReader(zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(raw))
elif path.endswith(".gz"):
    raw = gzip.open(raw)
began = time.process_time()
for line in raw:
    json.loads(line)
print(time.process_time() - began)
"""


def text(number: int) -> str:
    """Return some invented words."""
    return " ".join(WORDS[(number * 7 + step) % len(WORDS)] for step in range(30))


def tweet(number: int) -> dict[str, object]:
    """Return a post in X's format, with the fields that twarc asks for."""
    post_id = str(1_500_000_000_000_000_000 + number)
    return {
        "id": post_id,
        "edit_history_tweet_ids": [post_id],
        "author_id": str(number % 500),
        "created_at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(EPOCH + number)),
        "text": text(number),
        "lang": "nl",
        "conversation_id": post_id,
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "entities": {"hashtags": [{"start": 0, "end": 3, "tag": "hr"}], "urls": []},
        "public_metrics": {"retweet_count": 1, "reply_count": 2, "like_count": number % 50, "quote_count": 0},
    }


def user(number: int) -> dict[str, object]:
    """Return an account in X's format."""
    return {
        "id": str(number),
        "username": f"verzonnen_{number}",
        "name": f"Verzonnen {number}",
        "description": "HR-adviseur bij een verzonnen gemeente. " * 2,
        "created_at": "2012-03-04T05:06:07.000Z",
        "public_metrics": {"followers_count": 10, "following_count": 20, "tweet_count": 30, "listed_count": 0},
    }


def twarc_pages(count: int) -> Iterator[str]:
    """Yield lines of a hundred posts each, with their authors."""
    for start in range(0, count, 100):
        posts = [tweet(number) for number in range(start, start + 100)]
        users = [user(number) for number in sorted({number % 500 for number in range(start, start + 100)})]
        seen = {"url": "https://api.x.com/2", "version": "2.14.0", "retrieved_at": "2024-01-01T00:00:00+00:00"}
        yield json.dumps({"data": posts, "includes": {"users": users}, "meta": {"result_count": 100}, "__twarc": seen})


def twarc_flat(count: int) -> Iterator[str]:
    """Yield one flattened post a line."""
    for number in range(count):
        yield json.dumps({**tweet(number), "author": user(number % 500)})


def comment(number: int) -> dict[str, object]:
    """Return a comment with about the fields that an archive's row has."""
    filler = dict.fromkeys(("approved_at_utc", "approved_by", "banned_at_utc", "mod_note", "removal_reason"))
    return {
        **filler,
        "id": f"k{number:07}",
        "name": f"t1_k{number:07}",
        "author": f"verzonnen_{number % 500}",
        "author_fullname": f"t2_{number % 500}",
        "author_flair_text": None,
        "body": text(number),
        "created_utc": EPOCH + number,
        "edited": False,
        "gildings": {},
        "link_id": "t3_abc",
        "parent_id": "t3_abc",
        "permalink": f"/r/verzonnen/comments/abc/_/k{number:07}/",
        "score": 3,
        "subreddit": "verzonnen",
        "subreddit_id": "t5_abc",
        "retrieved_on": EPOCH + number + 100,
        "stickied": False,
    }


def comments(count: int) -> Iterator[str]:
    """Yield one comment a line."""
    for number in range(count):
        yield json.dumps(comment(number))


CASES: tuple[tuple[str, str, str, Callable[[int], Iterator[str]]], ...] = (
    ("twarc pages", "twarc", "pages.jsonl", twarc_pages),
    ("twarc flat, gz", "twarc", "flat.jsonl.gz", twarc_flat),
    ("Arctic Shift, zst", "arctic-shift", "RC_2024-01.zst", comments),
)


def write(path: Path, lines: Iterator[str]) -> None:
    """Write lines, packed as the file's name says."""
    with path.open("wb") as raw:
        if path.suffix == ".zst":
            with zstandard.ZstdCompressor().stream_writer(raw) as packed:
                for line in lines:
                    packed.write(line.encode() + b"\n")
            return
        with gzip.open(raw, "wb", 6) if path.suffix == ".gz" else raw as out:
            for line in lines:
                out.write(line.encode() + b"\n")


def run(program: str, *arguments: str) -> str:
    """Run a program in a process of its own, so that its memory is its own too."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    ).stdout


def measure(name: str, format_: str, path: Path, *, bare: bool = True) -> None:
    """Print one line of the table."""
    result = json.loads(run(MEASURE, format_, str(path)))
    ratio = f"{result['seconds'] / float(run(BARE, str(path))):.2f}" if bare else "-"
    rate = result["posts"] / result["seconds"]
    size = path.stat().st_size / 1e6
    print(f"| {name} | {result['posts']:,} | {size:,.0f} MB | {rate:,.0f} | {ratio} | {result['peak']:.0f} MB |")  # noqa: T201 - its job


def main() -> None:
    """Measure each format at three sizes, and a large file if wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="add a file of 2 GB")
    options = parser.parse_args()
    print("| file | posts | size | posts/s | beside json.loads alone | peak |\n| --- | --- | --- | --- | --- | --- |")  # noqa: T201 - same
    with tempfile.TemporaryDirectory() as folder:
        for name, format_, file, lines in CASES:
            for count in COUNTS:
                path = Path(folder) / file
                write(path, lines(count))
                measure(name, format_, path)
        if options.large:
            path = Path(folder) / "large.jsonl"
            line = next(twarc_pages(100)).encode() + b"\n"
            with path.open("wb") as out:
                for _ in range(LARGE // len(line) + 1):
                    out.write(line)
            measure("twarc pages, one line repeated", "twarc", path, bare=False)


if __name__ == "__main__":
    main()
