"""Heads for themes learn, and are measured on, the posts whose themes were judged."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nlp.artefact import MODEL
from nlp.codebook import THEMES
from nlp.corpus_files import CorpusError, LabelledPost
from nlp.train import train
from nlp.training.themes import shifted, themes_f1, themes_head

CHANCE = np.random.default_rng(20)
POSTS = [
    LabelledPost(str(n), "tekst", None, "none", tuple(CHANCE.choice(THEMES, n % 3, replace=False))) for n in range(60)
]
VECTORS = CHANCE.normal(size=(60, 8)).astype(np.float32)
UNJUDGED = [replace(post, themes=(), judged=False) for post in POSTS[:20]]
MORE = np.concatenate([VECTORS[:30], VECTORS[:20], VECTORS[30:]])
WITH_UNJUDGED = [*POSTS[:30], *UNJUDGED, *POSTS[30:]]


def test_unjudged_posts_teach_no_theme():
    """With posts that nobody judged, which hold themes all the same, the head is the one without them."""
    head, other = themes_head(VECTORS, POSTS), themes_head(MORE, WITH_UNJUDGED)

    assert np.array_equal(head.weight, other.weight)
    assert np.array_equal(head.bias, other.bias)


def test_unjudged_posts_neither_calibrate_nor_measure():
    """Slopes, shifts and the mean F1 are those of the judged posts."""
    head = themes_head(VECTORS, POSTS)
    one, other = shifted(head, VECTORS, POSTS), shifted(head, MORE, WITH_UNJUDGED)
    p = CHANCE.uniform(size=(80, len(THEMES))).astype(np.float32)

    assert np.array_equal(one.weight, other.weight)
    assert np.array_equal(one.bias, other.bias)
    assert not np.array_equal(one.weight, head.weight)
    assert themes_f1(POSTS, np.delete(p, np.s_[30:50], axis=0)) == themes_f1(WITH_UNJUDGED, p)


@pytest.mark.parametrize("split", ["train", "dev"])
def test_themes_that_nobody_judged_are_not_trained(tmp_path, split):
    """Where no post has judged themes, the file is named, and what to write, before anything is learnt."""
    row = {"text": "Eindelijk weekend", "goal": "none"}
    for name in ("train", "dev"):
        unjudged = {"themes": None} if name == split else {}
        (tmp_path / f"posts-{name}.jsonl").write_text(json.dumps(row | unjudged), encoding="utf-8")

    with pytest.raises(CorpusError, match=rf"posts-{split}.jsonl: no post has themes that were judged.*and \[\] where"):
        train(tmp_path, tmp_path / "model", encoder=MODEL / "encoder")
    assert not (tmp_path / "model").exists()
