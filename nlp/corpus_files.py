"""The labelled corpus as records: posts, bios and texts for language, one JSON object a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nlp.codebook import LANGUAGES, PURPOSE_OF, ROLES, THEMES

CORPUS: Final = Path(__file__).parent / "corpus"


class CorpusError(ValueError):
    """A line of a labelled file is not what it should be; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class LabelledPost:
    """A post with the labels of the codebook.

    `judged` tells whether its themes were judged; where they were not, `themes` is empty and says nothing.
    """

    id: str
    text: str
    bio: str | None
    goal: str
    themes: tuple[str, ...]
    writer: str = ""
    flags: tuple[str, ...] = ()
    judged: bool = True

    @property
    def purpose(self) -> str:
        """The purpose that the goal falls under."""
        return PURPOSE_OF[self.goal]


@dataclass(frozen=True, slots=True)
class LabelledBio:
    """A bio with the role of the person, the field of HR, the words that tell and where the person works."""

    id: str
    bio: str
    role: str
    field: str | None = None
    evidence: str | None = None
    employer: str | None = None


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A short text and its language."""

    id: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class LabelledTag:
    """A hashtag without its sign, and the words that a person sees in it."""

    hashtag: str
    words: tuple[str, ...]


def rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every line as (place, object); a malformed one is an error that names the place."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # splitlines would cut a text at its own U+2028 or U+0085
    except FileNotFoundError:
        raise CorpusError(f"{path} does not exist") from None
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            place = f"{path}:{number}"
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                raise CorpusError(f"{place}: not a JSON object; write one object a line") from None
            if not isinstance(row, dict):
                raise CorpusError(f"{place}: not a JSON object; write one object a line")
            yield place, row


def field(row: dict[str, Any], name: str, place: str, allowed: tuple[str, ...] = ()) -> str:
    """Take a text field that must be there and, if `allowed` is given, be one of those."""
    value = row.get(name)
    if not isinstance(value, str) or (allowed and value not in allowed):
        wanted = f"one of {', '.join(allowed)}" if allowed else "text"
        raise CorpusError(f"{place}: field {name!r} is {value!r}; it should be {wanted}")
    return value


def optional(row: dict[str, Any], name: str, place: str) -> str | None:
    """Take a text field that may be missing or null."""
    return None if row.get(name) is None else field(row, name, place)


def read_posts(path: Path) -> list[LabelledPost]:
    """Read the posts of one file, in order."""
    return [read_post(row, place) for place, row in rows(path)]


def encoder_posts(corpus: Path) -> list[LabelledPost]:
    """Read what the encoder learns from: posts-train.jsonl."""
    return read_posts(corpus / "posts-train.jsonl")


def training_posts(corpus: Path) -> list[LabelledPost]:
    """Read what the heads learn from: that, then posts-heads.jsonl and posts-train-*.jsonl, as people's corrections.

    What the encoder has learnt by heart it tells apart more clearly than anything else: heads that saw nothing more
    would be too sure of all other posts (docs/model-card.md).
    """
    more = [*corpus.glob("posts-heads.jsonl"), *sorted(corpus.glob("posts-train-*.jsonl"))]
    return encoder_posts(corpus) + [post for file in more for post in read_posts(file)]


def training_bios(corpus: Path, split: str) -> list[LabelledBio]:
    """Read the bios of a split; there need be none."""
    file = corpus / f"bios-{split}.jsonl"
    return read_bios(file) if file.exists() else []


def with_bios(corpus: Path) -> Path:
    """Name the corpus to take bios from: this one, or the one that ships where this one has none to train on.

    Without any, roles would be read by job words alone, far worse and without a probability.
    """
    return corpus if training_bios(corpus, "train") else CORPUS


def training_texts(corpus: Path) -> list[LabelledText]:
    """Read the texts that teach languages; there need be none."""
    file = corpus / "language-train.jsonl"
    return read_texts(file) if file.exists() else []


def check_corpus(corpus: Path) -> None:
    """Read all that a model is trained on before hours go into the first of it: a wrong line is refused by then.

    So is a corpus without a post to train on or to calibrate on, or without a judged theme.
    """
    for name, posts in (("train", training_posts(corpus)), ("dev", read_posts(corpus / "posts-dev.jsonl"))):
        file = corpus / f"posts-{name}.jsonl"
        if not posts:
            raise CorpusError(f"{file} holds no posts")
        if not any(post.judged for post in posts):
            raise CorpusError(
                f"{file}: no post has themes that were judged, so none can be learnt; "
                "write them where there are some, and [] where there are none"
            )
        training_bios(corpus, name)
    training_texts(corpus)


def read_post(row: dict[str, Any], place: str) -> LabelledPost:
    """Read one labelled post; `purpose` may be left out, but must fit the goal when it is there.

    Themes that are null were not judged; where they are left out, the post has none.
    """
    goal = field(row, "goal", place, tuple(PURPOSE_OF))
    if row.get("purpose", PURPOSE_OF[goal]) != PURPOSE_OF[goal]:
        raise CorpusError(f"{place}: goal {goal!r} falls under {PURPOSE_OF[goal]!r}, not {row['purpose']!r}")
    themes = row.get("themes") or []
    if not isinstance(themes, list) or any(theme not in THEMES for theme in themes):
        raise CorpusError(f"{place}: field 'themes' is {themes!r}; it should be a list of {', '.join(THEMES)}")
    flags = row.get("flags") or []
    if not isinstance(flags, list):
        raise CorpusError(f"{place}: field 'flags' is {flags!r}; it should be a list")
    name = str(row.get("id", place))
    if "\n" in name:
        raise CorpusError(f"{place}: field 'id' is {name!r}; it should be one line")
    bio = optional(row, "bio", place) or optional(row, "author_bio", place)
    text, writer = field(row, "text", place), str(row.get("writer", ""))
    judged = row.get("themes", themes) is not None
    return LabelledPost(name, text, bio, goal, tuple(themes), writer, tuple(map(str, flags)), judged)


def read_second(path: Path) -> list[tuple[LabelledPost, LabelledPost]]:
    """Read pairs of first and second labels; the texts stay in the files of posts."""
    pairs = []
    for place, row in rows(path):
        first = {**row, "goal": row.get("first_goal"), "themes": row.get("first_themes")}
        one, other = (read_post({"text": "", **some}, place) for some in (first, row))
        pairs.append((one, other))
    return pairs


def read_bios(path: Path) -> list[LabelledBio]:
    """Read the bios of one file, in order."""
    return [
        LabelledBio(
            str(row.get("id", place)),
            field(row, "bio", place),
            field(row, "role", place, ROLES),
            row.get("field"),
            row.get("evidence"),
            row.get("employer"),
        )
        for place, row in rows(path)
    ]


def read_texts(path: Path) -> list[LabelledText]:
    """Read the texts for language of one file, in order."""
    return [
        LabelledText(str(row.get("id", place)), field(row, "text", place), field(row, "language", place, LANGUAGES))
        for place, row in rows(path)
    ]


def read_tags(path: Path) -> list[LabelledTag]:
    """Read the hashtags of one file, in order."""
    return [LabelledTag(field(row, "hashtag", place), tuple(row.get("words") or ())) for place, row in rows(path)]
