"""Counts for the corpus's data card: `python -m nlp.training.card` writes them into nlp/corpus/README.md."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from nlp.agreement import agreement
from nlp.codebook import PURPOSE_OF, ROLES, THEMES
from nlp.corpus_files import CORPUS, LabelledPost, read_bios, read_posts, read_second, read_texts

SPLITS: Final = ("train", "dev", "test")
OF_POSTS: Final = ("train", "heads", "dev", "test")
LENGTHS: Final = ((0, 59), (60, 159), (160, 349), (350, 10_000))
START, END = "<!-- counts, written by nlp/training/card.py -->", "<!-- end of counts -->"
AGREEMENT = ("<!-- agreement, written by nlp/training/card.py -->", "<!-- end of agreement -->")


def counted(corpus: Path = CORPUS) -> str:
    """Every table of counts as Markdown."""
    posts = {split: read_posts(corpus / f"posts-{split}.jsonl") for split in OF_POSTS}
    bios = {split: Counter(one.role for one in read_bios(corpus / f"bios-{split}.jsonl")) for split in SPLITS}
    texts = {split: Counter(one.language for one in read_texts(corpus / f"language-{split}.jsonl")) for split in SPLITS}
    languages = sorted(set().union(*texts.values()))
    parts = [
        table("posts", ["posts"], {split: {"posts": len(some)} for split, some in posts.items()}),
        table("purpose and goal", list(PURPOSE_OF), each(posts, lambda post: [post.goal])),
        table("theme (a post may have several)", list(THEMES), each(posts, lambda post: post.themes)),
        table("kind", ["flemish", "hard", "with a bio"], each(posts, kinds)),
        table("characters", [length_name(*one) for one in LENGTHS], each(posts, lambda post: [length_of(post)])),
        table("writer", writers(posts), each(posts, lambda post: [post.writer])),
        table("bio: role", list(ROLES), bios),
        table("text: language", languages, texts),
    ]
    return "\n\n".join(parts)


def each(
    posts: Mapping[str, Sequence[LabelledPost]], labels: Callable[[LabelledPost], Iterable[str]]
) -> dict[str, Counter[str]]:
    """Count labels by split."""
    return {split: Counter(label for post in some for label in labels(post)) for split, some in posts.items()}


def kinds(post: LabelledPost) -> list[str]:
    """List the flags of a post, and whether it has a bio."""
    return [*post.flags, *(["with a bio"] if post.bio else [])]


def writers(posts: Mapping[str, Sequence[LabelledPost]]) -> list[str]:
    """Every writer, in the order of the splits."""
    return list(dict.fromkeys(post.writer for some in posts.values() for post in some))


def length_name(low: int, high: int) -> str:
    """Name a class of lengths."""
    return f"{low} to {high}" if high < LENGTHS[-1][1] else f"{low} and more"


def length_of(post: LabelledPost) -> str:
    """Name the class of a post's length."""
    return next(length_name(low, high) for low, high in LENGTHS if low <= len(post.text) <= high)


def table(title: str, labels: Sequence[str], counts: Mapping[str, Mapping[str, int]]) -> str:
    """One Markdown table: a row a label, a column a split, and the sum."""
    rows = [f"| {title} | {' | '.join(counts)} | all |", "| --- |" + " ---: |" * (len(counts) + 1)]
    for label in labels:
        found = [some.get(label, 0) for some in counts.values()]
        rows.append(f"| {label} | {' | '.join(f'{n:,}' for n in found)} | {sum(found):,} |")
    return "\n".join(rows)


def agreed(corpus: Path = CORPUS) -> str:
    """Table of agreement by writer, from the second labels."""
    pairs = read_second(corpus / "second-labels.jsonl")
    lines = ["| writer | posts | purpose | goal | themes | same goal |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for writer in ("all", *sorted({first.writer for first, _ in pairs})):
        some = [pair for pair in pairs if writer in {"all", pair[0].writer}]
        found = agreement(some)
        figures = " | ".join(f"{found[name]:.3f}" for name in ("purpose", "goal", "themes"))
        lines.append(f"| {writer} | {len(some):,} | {figures} | {found['same goal']:.1%} |")
    return "\n".join(lines)


def renewed(card: str, corpus: Path = CORPUS) -> str:
    """Put fresh tables between the card's marks."""
    for (start, end), fresh in (((START, END), counted(corpus)), (AGREEMENT, agreed(corpus))):
        before, rest = card.split(start)
        card = f"{before}{start}\n\n{fresh}\n\n{end}{rest.split(end)[1]}"
    return card


if __name__ == "__main__":
    readme = CORPUS / "README.md"
    readme.write_text(renewed(readme.read_text("utf-8")), "utf-8")
