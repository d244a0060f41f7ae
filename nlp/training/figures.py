"""Tables for the model card: `python -m nlp.training.figures` measures and writes them into docs/model-card.md."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from nlp.annotate import annotate
from nlp.codebook import ROLES
from nlp.corpus_files import CORPUS, LabelledPost, read_bios, read_posts, read_tags, read_texts
from nlp.evaluate import Evaluation, TaskFigures, compare, interval, macro_f1, macro_f1_interval
from nlp.organisations import tag_of
from nlp.pipeline import load
from nlp.training.card import LENGTHS, length_name, length_of

if TYPE_CHECKING:
    from spacy.language import Language

CARD: Final = Path(__file__).parents[2] / "docs" / "model-card.md"
SPLITS: Final = ("dev", "test")
ROUNDS: Final = 1_000
Row = Sequence[str]
WRITERS: Final = {
    "test": "social posts and paragraphs",
    "test2": "social posts and text as on web pages",
    "test3": "the same",
    "t22": "social posts of every kind",
    "t23": "blogs and organisations' pages",
    "test4": "terse posts, half under 80 characters",
    "test5": "LinkedIn prose, employers' posts, web paragraphs",
    "test6": "plain web text, as a crawler cuts it",
    "test7": "half of it not about work in HR: home, clubs, firms, news, other professions",
    "test8": "closest to the borders: staff stories, sellers, those who inform, firms' other pages",
    "test9": "the same",
    "test10": "pages as a crawler cuts them: vacancies, sellers, columns, handbooks, company news",
    "test11": "the same, a third Flemish",
    "test12": "pages and chatter of every kind, written without a label in mind",
    "test13": "the same: vacancies, staff stories and firms' other pages",
}
"""Who wrote the test, in the order of time, and how."""

KINDS: Final[Mapping[str, Callable[[LabelledPost], bool]]] = {
    "all": lambda _: True,
    **{
        f"{writer}: {told}": partial(lambda writer, post: post.writer == writer, writer)
        for writer, told in WRITERS.items()
    },
    **{
        f"{name} characters": partial(lambda name, post: length_of(post) == name, name)
        for name in map(length_name, *zip(*LENGTHS, strict=True))
    },
    "Flemish": lambda post: "flemish" in post.flags,
    "hard": lambda post: "hard" in post.flags,
    "not hard": lambda post: "hard" not in post.flags,
}


def measured(nlp: "Language", corpus: Path = CORPUS) -> dict[str, str]:
    """Every table, by the name of its mark in the card."""
    posts = {split: read_posts(corpus / f"posts-{split}.jsonl") for split in SPLITS}
    whole = compare(nlp, posts["test"])
    kinds = {name: [post for post in posts["test"] if kind(post)] for name, kind in KINDS.items()}
    rows = [kind_row(name, whole if name == "all" else compare(nlp, some)) for name, some in kinds.items()]
    rows.append(kind_row("development, for comparison", compare(nlp, posts["dev"])))
    heads = ("test", "posts", "purpose F1", "goal F1", "purpose accuracy", "ECE purpose / goal", "for review")
    return {
        "kinds": table((*heads, "right without review"), rows),
        "labels": table(("label", "precision", "recall", "F1", "posts"), label_rows(whole)),
        "others": table(("part", *SPLITS), other_rows(nlp, corpus)),
    }


def kind_row(name: str, found: Evaluation) -> Row:
    """Figures of one kind of post."""
    return (
        name,
        f"{found.posts:,}",
        f1_told(found.purpose),
        f1_told(found.goal),
        f"{found.purpose.accuracy:.3f}",
        f"{found.purpose.calibration_error:.3f} / {found.goal.calibration_error:.3f}",
        f"{found.review_share:.1%}",
        f"{found.accuracy_without_review:.1%}",
    )


def f1_told(found: TaskFigures) -> str:
    """Macro-F1 with its interval."""
    low, high = found.macro_f1_interval
    return f"{found.macro_f1:.3f} ({low:.3f}-{high:.3f})"


def label_rows(found: Evaluation) -> list[Row]:
    """Precision, recall and F1 of each purpose, goal and theme."""
    classes = (*found.purpose.classes, *found.goal.classes, *found.themes)
    rows = [
        (one.label, f"{one.precision:.2f}", f"{one.recall:.2f}", f"{one.f1:.2f}", str(one.support)) for one in classes
    ]
    return [*rows, ("themes, mean", "", "", f"{found.themes_macro_f1:.2f}", "")]


def other_rows(nlp: "Language", corpus: Path) -> list[Row]:
    """Role, sub-field, evidence, language and hashtags on both splits."""
    parts = (bio_figures, language_figures, hashtag_figures)
    columns = [{k: v for part in parts for k, v in part(nlp, corpus, split).items()} for split in SPLITS]
    return [(name, *(column[name] for column in columns)) for name in columns[0]]


def bio_figures(nlp: "Language", corpus: Path, split: str) -> dict[str, str]:
    """Figures of what is read from bios."""
    bios = read_bios(corpus / f"bios-{split}.jsonl")
    found = list(annotate(nlp, [("", one.bio) for one in bios]))
    right, read = (
        np.array([ROLES.index(role) for role in some]) for some in ([b.role for b in bios], [f.role for f in found])
    )
    low, high = macro_f1_interval(right, read, len(ROLES), ROUNDS, np.random.default_rng(20))
    fields = [f.role_field == b.field for b, f in zip(bios, found, strict=True) if b.role == f.role == "hr"]
    told = [(b.evidence, f.role_evidence) for b, f in zip(bios, found, strict=True) if b.evidence and b.role == f.role]
    shared = [bool(f and set(b.lower().split()) & set(f.lower().split())) for b, f in told]
    return {
        "role: macro-F1": f"{macro_f1(right, read, len(ROLES)):.3f} ({low:.3f}-{high:.3f}), {len(bios)} bios",
        "sub-field of those found to be HR": f"{np.mean(fields):.2f} right of {len(fields)}",
        "evidence shares a word with the labelled one": f"{np.mean(shared):.2f} of {len(shared)}",
        "employer: precision / recall": employers_told([b.employer for b in bios], [f.employer for f in found]),
    }


def employers_told(labelled: Sequence[str | None], found: Sequence[str | None]) -> str:
    """Precision and recall of employers: of two names of one organisation the longer one holds the other."""
    right = sum(same_name(a, b) for a, b in zip(labelled, found, strict=True) if a and b)
    count_found, count_labelled = (sum(name is not None for name in names) for names in (found, labelled))
    return f"{right / count_found:.2f} of {count_found} / {right / count_labelled:.2f} of {count_labelled}"


def same_name(one: str, other: str) -> bool:
    """Tell whether one name holds the other, by its letters and digits."""
    shorter, longer = sorted((tag_of(one), tag_of(other)), key=len)
    return shorter in longer


def language_figures(nlp: "Language", corpus: Path, split: str) -> dict[str, str]:
    """Figures of language on short texts; `other` is right when the answer is `unknown`."""
    texts = read_texts(corpus / f"language-{split}.jsonl")
    found = [one.language for one in annotate(nlp, [(text.text, None) for text in texts])]
    right = ["unknown" if text.language == "other" else text.language for text in texts]
    hit = np.array([a == b for a, b in zip(found, right, strict=True)])
    dutch = np.array([(a == "nl") == (b == "nl") for a, b in zip(found, right, strict=True)])
    draws = np.random.default_rng(20).integers(0, len(texts), (ROUNDS, len(texts)))
    low, high = interval(hit[draws].mean(axis=1))
    return {
        "language: accuracy": f"{hit.mean():.3f} ({low:.3f}-{high:.3f}), {len(texts)} texts",
        "language: Dutch or not": f"{dutch.mean():.3f}",
    }


def hashtag_figures(nlp: "Language", corpus: Path, split: str) -> dict[str, str]:
    """How many hashtags are split as a person splits them."""
    tags = read_tags(corpus / f"hashtags-{split}.jsonl")
    found = [one.hashtags for one in annotate(nlp, [(f"Vandaag: #{tag.hashtag}", None) for tag in tags])]
    hit = [words == (" ".join(tag.words),) for words, tag in zip(found, tags, strict=True)]
    return {"hashtags split as a person does": f"{sum(hit)} of {len(hit)}"}


def table(heads: Row, rows: Sequence[Row]) -> str:
    """One Markdown table, the first column of words and the rest of numbers."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def renewed(card: str, tables: Mapping[str, str]) -> str:
    """Put fresh tables between the card's marks."""
    for name, fresh in tables.items():
        start, end = f"<!-- {name}, written by nlp/training/figures.py -->", f"<!-- end of {name} -->"
        before, rest = card.split(start)
        card = f"{before}{start}\n\n{fresh}\n\n{end}{rest.split(end)[1]}"
    return card


if __name__ == "__main__":
    fresh = measured(load(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
    CARD.write_text(renewed(CARD.read_text("utf-8"), fresh), "utf-8")
