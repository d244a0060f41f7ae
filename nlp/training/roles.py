"""Heads that read a bio: the letters, the role (vector, named profession and letters weighed), the field within HR."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from nlp.cleaning import readable
from nlp.codebook import ROLES
from nlp.corpus_files import LabelledBio
from nlp.head import Floats, Head
from nlp.ngrams import counts
from nlp.role import FIELDS, LENGTHS, Named, RoleStep, field_features, letters_say, named, role_features
from nlp.training.regression import fit_softmax, one_hot, softmax_loss

BITS: Final = 13
SMOOTHING: Final = 1.0
PENALTY: Final = 3e-5
WEIGHTS: Final = ((0.4, 0.6, 0.8, 1.0, 1.3), (1.0, 2.0, 3.0, 4.0, 5.0), (0.0, 0.1, 0.2, 0.35, 0.5, 0.7))
USUAL: Final = (0.8, 3.0, 0.2)  # of the three, where there are no development bios
Encode = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True)
class Bios:
    """Bios with all that the heads look at."""

    bios: Sequence[LabelledBio]
    texts: list[str]
    vectors: Floats
    found: list[Named | None]
    roles: Floats


def seen(bios: Sequence[LabelledBio], encode: Encode) -> Bios:
    """Clean, encode and look for named professions."""
    texts = [readable(one.bio) for one in bios]
    roles = one_hot([one.role for one in bios], ROLES)
    return Bios(bios, texts, encode(texts), [named(text) for text in texts], roles)


def fit_roles(step: RoleStep, train: Sequence[LabelledBio], dev: Sequence[LabelledBio], encode: Encode) -> None:
    """Train the step's three heads; the one on vectors is fitted anew: the layer of fine-tuning does worse on dev."""
    known = seen(train, encode)
    words = letters_head(counts([text.lower() for text in known.texts], LENGTHS, BITS), known.roles)
    by_vector = fit_softmax(known.vectors, known.roles, ROLES, PENALTY)
    step.words = words
    step.head = weighed(by_vector, USUAL)
    if dev:
        other = seen(dev, encode)
        said = [letters_say(words, text) for text in other.texts]
        features = np.stack([role_features(*row) for row in zip(other.vectors, other.found, said, strict=True)])
        heads = [weighed(by_vector, weights) for weights in product(*WEIGHTS)]
        step.head = min(heads, key=lambda head: softmax_loss(head.scores(features), other.roles)(1.0))
    step.fields = field_head(known)


def weighed(by_vector: Head, weights: tuple[float, float, float]) -> Head:
    """One head over vector, named role and letters; three numbers say how much each counts."""
    vector, name, letters = weights
    unit = np.eye(len(ROLES), dtype=np.float32)
    weight = np.concatenate([vector * by_vector.weight, name * unit, letters * unit], axis=1)
    return Head(by_vector.labels, np.asarray(weight, np.float32), np.asarray(vector * by_vector.bias, np.float32))


def letters_head(table: Floats, roles: Floats) -> Head:
    """Log probability of each n-gram by role, less the mean over roles: counting, as for languages."""
    counted = roles.T @ table
    there = np.maximum(counted.sum(axis=1, keepdims=True), 1e-9)
    logs = np.log(counted / there + SMOOTHING / table.shape[1])
    share = np.log(np.maximum(roles.mean(axis=0), 1e-3))
    return Head(ROLES, np.asarray(logs - logs.mean(axis=0), np.float32), share.astype(np.float32))


def field_head(known: Bios) -> Head | None:
    """Train on the bios of HR people that name a field; None when there is nothing to choose."""
    rows = [i for i, one in enumerate(known.bios) if one.role == "hr" and one.field in FIELDS]
    fields = [name for name in FIELDS if any(known.bios[i].field == name for i in rows)]
    if len(fields) < 2:  # noqa: PLR2004 - one is no choice
        return None
    features = np.stack([field_features(known.vectors[i], known.found[i]) for i in rows])
    return fit_softmax(features, one_hot([str(known.bios[i].field) for i in rows], fields), fields, PENALTY)
