"""Training: the encoder if asked (needs the extra `train`), then every head on its vectors, in plain numpy."""

import json
import math
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nlp.annotate import annotate
from nlp.artefact import MODEL, ModelError
from nlp.cleaning import plain, readable
from nlp.codebook import PURPOSE_OF
from nlp.corpus_files import (
    CORPUS,
    LabelledPost,
    check_corpus,
    encoder_posts,
    read_posts,
    training_bios,
    training_posts,
    training_texts,
    with_bios,
)
from nlp.evaluate import macro_f1
from nlp.examples import examples_of
from nlp.goal import ORDER, decide
from nlp.head import Floats, Head, sigmoid, softmax
from nlp.language import LanguageStep
from nlp.onnx_encoder import OnnxEncoder
from nlp.pipeline import blank, load, save
from nlp.training.languages import kept_languages, language_head
from nlp.training.regression import best_temperature, fit_softmax, one_hot, softmax_loss
from nlp.training.roles import fit_roles
from nlp.training.stops import clear_from, one_head, vectors_at_stops
from nlp.training.themes import shifted, themes_f1, themes_head

if TYPE_CHECKING:
    from spacy.language import Language

Say = Callable[[str], None]
PENALTY = 3e-5
CAUTION = 1.25  # how much flatter goals' probabilities are than the development posts ask: other people write otherwise
UNREAD = 3.0  # how much more the goal's heads learn from a post from which the encoder did not
SPLITS = ("train", "dev")
TRUSTED = 0.97  # share of right purposes that posts without a review should have on dev
WORST_SHARE = 0.4  # no more than this share of posts is sent to a person
MARGIN = 0.005  # a new model may be this much worse on dev before it is refused: it is noise
WORD = re.compile(r"(?<![\w.#@-])[a-zà-ÿ]{2,26}(?![\w@-]|[.]\w)")  # whole words, no parts of names or addresses


class WorseError(Exception):
    """The new model is worse on the development posts than the one it would replace."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came out: the version and the figures on the development posts."""

    version: str
    figures: dict[str, float]


def train(
    corpus: Path = CORPUS,
    target: Path = MODEL,
    *,
    encoder: Path | None = None,
    seed: int = 20,
    force: bool = False,
    say: Say = lambda _: None,
) -> Trained:
    """Train a pipeline on a corpus directory and put it at `target`.

    `encoder` is a directory with an ONNX sentence encoder to keep as it is; without it the encoder is fine-tuned from
    the base, which takes the extra `train` and, on two cores, half an hour, or hours where they have no bfloat16. Who
    breaks that off goes on from the checkpoint beside `target`, which stays there until a model is put in place.
    """
    checkpoint = None if encoder else target.with_name(f"{target.name}.training.pt")
    check_corpus(corpus)  # before the encoder, which takes long
    kept = kept_languages(corpus, target, say)
    with tempfile.TemporaryDirectory(prefix="etalage-train-") as scratch:
        work = Path(scratch)
        if encoder is None:
            from nlp.training.build import build_encoder  # noqa: PLC0415 - needs torch, an extra

            encoder = build_encoder(corpus, work / "encoder", seed=seed, checkpoint=checkpoint, say=say)
        made, figures = fit(corpus, encoder, kept, seed=seed, say=say)
        facts = {"figures": figures, "review_below": figures.pop("review_below"), "seed": seed}
        version = save(made, work / "model", {**facts, **provenance(made.get_pipe("encoder").encoder)})  # type: ignore[attr-defined]
        check_encoder(work / "model" / "encoder", encoder)
        if not force:
            refuse_worse(work / "model", target, read_posts(corpus / "posts-dev.jsonl"), say)
        replace(work / "model", target)
        if checkpoint:
            checkpoint.unlink(missing_ok=True)
    return Trained(version, figures)


def check_encoder(saved: Path, origin: Path) -> None:
    """Raise `ModelError` when the encoder that was saved reads no text: not all that its graph names came along."""
    try:
        OnnxEncoder(saved).encode([""])
    except Exception as error:  # noqa: BLE001 - onnxruntime's errors have no kind of their own
        reason = " ".join(str(error).split())
        raise ModelError(
            f"the encoder at {origin} cannot be read from a copy: keep its weights in one file whose name begins "
            f"with the graph's, as model.onnx_data; nothing was replaced ({reason})"
        ) from None


def refuse_worse(new: Path, target: Path, dev: Sequence[LabelledPost], say: Say) -> None:
    """Raise `WorseError` when the model at `target` reads these posts better than the one at `new`.

    Both are measured now: the figure that a model was saved with may be of other development posts.
    """
    if not target.exists():
        return
    try:
        before = goal_f1(target, dev)
    except ModelError as error:
        say(f"nothing to compare the new model with: {error}")
        return
    after = goal_f1(new, dev)
    if after < before - MARGIN:
        raise WorseError(
            f"the new model has goal macro-F1 {after:.3f} on dev, the one at {target} {before:.3f}: "
            "nothing was replaced; --force replaces it all the same"
        )


def goal_f1(model: Path, dev: Sequence[LabelledPost]) -> float:
    """Goal macro-F1 of a saved model on these posts."""
    found = annotate(load(model), [(post.text, post.bio) for post in dev])
    return label_f1([post.goal for post in dev], [one.goal for one in found], ORDER)


def provenance(encoder: OnnxEncoder) -> dict[str, Any]:
    """Where the encoder came from and how it is now: its thresholds are learnt with the heads."""
    return {"encoder": {"base": encoder.path.name, **encoder.described()}}


def replace(new: Path, target: Path) -> None:
    """Put a directory in the place of another; the old one is back if that fails half-way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(target.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    try:
        shutil.move(new, target)
    except BaseException:
        if old.exists():
            shutil.rmtree(target, ignore_errors=True)
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def fit(
    corpus: Path, encoder: Path, kept: LanguageStep | None, *, seed: int, say: Say
) -> tuple["Language", dict[str, float]]:
    """Train every head of a blank pipeline; figures are those on the corpus's development posts.

    Languages are told as `kept` tells them, or learnt where that is None.
    """
    posts, dev = training_posts(corpus), read_posts(corpus / "posts-dev.jsonl")
    made = blank()
    made.get_pipe("encoder").from_disk(encoder)  # type: ignore[attr-defined]
    model = made.get_pipe("encoder").encoder  # type: ignore[attr-defined]
    say(f"encoding {len(posts)} posts to train on and {len(dev)} to calibrate on")
    seen, unseen = (vectors_at_stops(model, [readable(post.text) for post in some]) for some in (posts, dev))
    weights = np.where(np.arange(len(posts)) < len(encoder_posts(corpus)), 1.0, UNREAD)  # in the order they were read
    goals = [calibrated(goal_head(one, posts, weights), other, dev) for one, other in zip(seen, unseen, strict=True)]
    themes = [shifted(themes_head(one, posts), other, dev) for one, other in zip(seen, unseen, strict=True)]
    model.early = goals[:-1]
    model.clear_from = clear_from([softmax(head.scores(some)) for head, some in zip(goals, unseen, strict=True)])
    goal, theme = one_head(goals), one_head(themes)
    made.get_pipe("goal").head = goal  # type: ignore[attr-defined]
    made.get_pipe("goal").examples = examples_of([post.id for post in posts], seen[-1][:, -model.hidden :])  # type: ignore[attr-defined]
    made.get_pipe("themes").head = theme  # type: ignore[attr-defined]
    bios_of = with_bios(corpus)
    bios, other_bios = (training_bios(bios_of, split) for split in SPLITS)
    if bios:
        if bios_of != corpus:
            say(f"roles are learnt from the bios of {bios_of}: {corpus} has none")
        fit_roles(made.get_pipe("role"), bios, other_bios, model.encode)  # type: ignore[arg-type]
    teach_languages(made.get_pipe("language"), corpus, posts, kept, seed, say)  # type: ignore[arg-type]
    made.get_pipe("hashtags").cost = word_costs(posts, encoder)  # type: ignore[attr-defined]
    _, features = model.read([readable(post.text) for post in dev])
    return made, figures_on(dev, softmax(goal.scores(features)), sigmoid(theme.scores(features)))


def teach_languages(
    step: LanguageStep, corpus: Path, posts: Sequence[LabelledPost], kept: LanguageStep | None, seed: int, say: Say
) -> None:
    """Count n-grams; where how languages are told is kept from another model, take it over."""
    if kept is not None:
        step.head, step.unsure, step.lengths = kept.head, kept.unsure, kept.lengths
        return
    say("counting n-grams of languages")
    texts = [(one.text, one.language) for one in training_texts(corpus)]
    step.head = language_head(texts, [post.text for post in posts], seed)


def goal_head(vectors: Floats, posts: Sequence[LabelledPost], weights: npt.NDArray[np.float64]) -> Head:
    """Beside these weights of posts rare goals weigh more, by the root of how rare they are."""
    goals = [post.goal for post in posts]
    often = Counter(goals)
    rare = np.array([math.sqrt(1 / often[goal]) for goal in goals])
    return fit_softmax(vectors, one_hot(goals, ORDER), ORDER, PENALTY, (weights * rare).astype(np.float32))


def calibrated(head: Head, vectors: Floats, dev: Sequence[LabelledPost]) -> Head:
    """One temperature, from posts that the head has not seen, and `CAUTION` for those that are less like the corpus."""
    targets = one_hot([post.goal for post in dev], ORDER)
    best = best_temperature(softmax_loss(head.scores(vectors), targets))
    return Head(head.labels, head.weight, head.bias, CAUTION * best)


def word_costs(posts: Sequence[LabelledPost], encoder: Path) -> dict[str, float]:
    """-log of how often words occur in the corpus, else what the encoder's own vocabulary says of them.

    What the corpus writes apart more often than in one (`werken bij`) is no word: a tag is to be cut there.
    """
    joined = (plain(post.text).lower().replace("'", "") for post in posts)  # a tag has no apostrophes
    texts = [WORD.findall(text) for text in joined]
    often = Counter(word for words in texts for word in words)
    apart = Counter(one + other for words in texts for one, other in pairwise(words))
    total = sum(often.values())
    cost = {word: round(-math.log(count / total), 2) for word, count in often.items() if count > max(1, apart[word])}
    pieces = json.loads((encoder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    for piece, score in pieces if isinstance(pieces, list) else ():  # WordPiece and BPE number theirs: no frequencies
        word = piece[1:].lower()
        if piece.startswith("▁") and len(word) > 3 and WORD.fullmatch(word):  # noqa: PLR2004 - shorter ones mislead
            cost.setdefault(word, round(1 - score, 2))
    return cost


def figures_on(dev: Sequence[LabelledPost], goal_p: Floats, themes_p: Floats) -> dict[str, float]:
    """Macro-F1 of purpose, goal and themes, and the purpose probability below which a person should look."""
    decisions = [decide(row) for row in goal_p.tolist()]
    purposes = tuple(dict.fromkeys(PURPOSE_OF.values()))
    right = [post.purpose for post in dev]
    return {
        "purpose_f1": label_f1(right, [one.purpose for one in decisions], purposes),
        "goal_f1": label_f1([post.goal for post in dev], [one.goal for one in decisions], ORDER),
        "themes_f1": themes_f1(dev, themes_p),
        "review_below": review_below(
            np.array([one.purpose_p for one in decisions]),
            np.array([one.purpose == label for one, label in zip(decisions, right, strict=True)]),
        ),
    }


def label_f1(right: Sequence[str], found: Sequence[str], labels: Sequence[str]) -> float:
    """Macro-F1 of labels by name."""
    first, second = (np.array([labels.index(label) for label in row], np.int64) for row in (right, found))
    return macro_f1(first, second, len(labels))


def review_below(p: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> float:
    """Lowest threshold at which the posts above it are right often enough; at most WORST_SHARE fall below it."""
    order = np.argsort(p)
    for cut in range(int(len(p) * WORST_SHARE)):
        if right[order[cut:]].mean() >= TRUSTED:
            return round(float(p[order[cut]]), 4)
    return round(float(np.quantile(p, WORST_SHARE)), 4)
