"""Posts as fine-tuning takes them: label tensors, token rows, batches of about equal length."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from nlp.cleaning import readable
from nlp.codebook import THEMES
from nlp.corpus_files import LabelledPost
from nlp.goal import ORDER


@dataclass(frozen=True, slots=True)
class Posts:
    """Texts and label tensors; the themes of a post that nobody judged are NaN."""

    texts: list[str]
    goals: Tensor
    themes: Tensor


def prepare(posts: Sequence[LabelledPost]) -> Posts:
    """Clean the texts and number the labels."""
    goals = torch.tensor([ORDER.index(post.goal) for post in posts])
    themes = torch.tensor(
        [[float(theme in post.themes) if post.judged else math.nan for theme in THEMES] for post in posts]
    )
    return Posts([readable(post.text) for post in posts], goals, themes)


def tokens(tokenizer: Tokenizer, texts: Sequence[str], longest: int, prefix: str) -> list[list[int]]:
    """Token rows of at most `longest` tokens, the prefix among them."""
    tokenizer.enable_truncation(longest)
    return [one.ids for one in tokenizer.encode_batch([prefix + text for text in texts])]


def batches(rows: Sequence[Sequence[int]], size: int, chance: np.random.Generator) -> Iterator[list[int]]:
    """Row numbers in batches of about equal length, in random order: padding takes as long as what is read."""
    noisy_lengths = [len(row) * chance.uniform(0.95, 1.05) for row in rows]
    order = np.argsort(noisy_lengths)
    parts = [order[i : i + size].tolist() for i in range(0, len(order), size)]
    for at in chance.permutation(len(parts)):
        yield parts[at]
