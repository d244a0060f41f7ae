"""Fine-tuning, on a tiny encoder of chance: it learns, and one that was broken off ends as if it had not been."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402 - after torch, or not at all

from nlp.corpus_files import LabelledBio, LabelledPost  # noqa: E402
from nlp.training import finetune as tuning  # noqa: E402
from nlp.training.base import Base  # noqa: E402
from nlp.training.batches import prepare  # noqa: E402
from nlp.training.build import blend  # noqa: E402
from nlp.training.checkpoint import Checkpoint  # noqa: E402
from nlp.training.finetune import Settings, finetune  # noqa: E402
from nlp.training.network import Encoder  # noqa: E402
from nlp.training.tuned import Tuned  # noqa: E402

WORDS = {
    "recruitment": "vacature solliciteer collega",
    "learning": "training leren cursus",
    "none": "voetbal regen fiets",
}
BASE = Base(16, 2, 2, 32, 1e-6, (), np.zeros(0, np.float32), {"emb.pos": np.zeros((16, 16), np.float32)})
SETTINGS = Settings(epochs=2, batch=4, bio_batch=2, longest=16, rate=1e-3)


class BrokenOff(Exception):
    """Somebody stopped it."""


def posts(count):
    """Posts of three goals, each with one of its goal's words."""
    goals = [(goal, word) for goal, words in WORDS.items() for word in words.split()]
    return [
        LabelledPost(
            id=str(at), text=f"Vandaag {word} bericht{at % 5}", bio=None, goal=goal, themes=(), judged=at % 3 > 0
        )
        for at in range(count)
        for goal, word in [goals[at % len(goals)]]
    ]


def trained(checkpoint=None, stop_at=None, settings=SETTINGS):
    """Train from the same chance and return the weights, and what was said; it stops at the words `stop_at`."""
    torch.manual_seed(1)
    words = sorted({word for one in posts(40) for word in one.text.split()})
    tokenizer = Tokenizer(
        models.WordLevel({word: at for at, word in enumerate(["<s>", "<pad>", "</s>", "?", *words])}, "?")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    encoder = Encoder(BASE, len(words) + 4, (1, 2), dropout=0.1)
    said = []

    def say(line):
        said.append(line)
        if stop_at and stop_at in line:
            raise BrokenOff(line)

    model = finetune(
        Tuned(encoder, 16),
        tokenizer,
        (prepare(posts(40)), prepare(posts(12))),
        [LabelledBio("b1", "HR-adviseur", "hr"), LabelledBio("b2", "Bakker", "other")],
        settings,
        say,
        checkpoint,
    )
    return model.state_dict(), said


@pytest.fixture(autouse=True)
def often(monkeypatch):
    """Ten batches an epoch: told and kept in its middle."""
    monkeypatch.setattr(tuning, "TOLD_EVERY", 2)
    monkeypatch.setattr(tuning, "KEPT_EVERY", 3)


@pytest.mark.parametrize("stop_at", ["16 of 40", "epoch 1 of 2", "epoch 2 of 2"])
def test_what_was_broken_off_ends_the_same(tmp_path, stop_at):
    """In the middle of an epoch or at its end: the same weights to the last bit, and no batch is learnt twice."""
    whole, everything = trained()
    checkpoint = Checkpoint(tmp_path / "model.training.pt", "these posts")
    with pytest.raises(BrokenOff):
        trained(checkpoint, stop_at)
    found, said = trained(checkpoint)

    assert "going on after" in said[0]
    assert {name for name in whole if not torch.equal(whole[name], found[name])} == set()
    assert len(said) <= len(everything)


def test_what_gets_no_better_is_stopped(monkeypatch):
    """By the shipped settings too: an epoch that does worse than the one before is the last."""
    scores = iter([0.9, 0.9, 0.5, 0.5, 0.4, 0.4])  # two stops an epoch
    monkeypatch.setattr(tuning, "macro_f1", lambda *_: next(scores))
    _, said = trained(settings=replace(SETTINGS, epochs=Settings().epochs))
    assert "stopping early" in said[-1]


def test_nothing_is_taken_over_from_another_training(tmp_path):
    """Other posts or settings, or a file that holds no checkpoint: it begins anew, and says nothing of going on."""
    file = tmp_path / "model.training.pt"
    with pytest.raises(BrokenOff):
        trained(Checkpoint(file, "these posts"), "epoch 1 of 2")

    assert Checkpoint(file, "these posts").read() is not None
    assert Checkpoint(file, "other posts").read() is None
    file.write_bytes(b"no checkpoint")
    assert Checkpoint(file, "these posts").read() is None


def test_a_share_of_the_base_comes_back():
    """Every weight lies that far on the way from what was learnt to what it was."""
    own, before = Encoder(BASE, 9, (1, 2)), Encoder(BASE, 9, (1, 2))
    learnt = [one.detach().clone() for one in own.parameters()]

    blend(own, before, 0.25)

    for now, then, base in zip(own.parameters(), learnt, before.parameters(), strict=True):
        assert torch.allclose(now, 0.75 * then + 0.25 * base)
    assert any(not torch.equal(now, then) for now, then in zip(own.parameters(), learnt, strict=True))
