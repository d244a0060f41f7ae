"""The network that is fine-tuned: the encoder, with a layer for each thing that it learns."""

import math

from torch import Tensor, nn
from torch.nn import functional

from nlp.codebook import ROLES, THEMES
from nlp.goal import ORDER
from nlp.training.network import Encoder


class Tuned(nn.Module):
    """The encoder with layers for goals and themes over its unit vector at each stop, and for roles at the last."""

    def __init__(self, encoder: Encoder, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.goal = nn.ModuleList(nn.Linear(hidden, len(ORDER)) for _ in encoder.stops)
        self.themes = nn.ModuleList(nn.Linear(hidden, len(THEMES)) for _ in encoder.stops)
        self.role = nn.Linear(hidden, len(ROLES))
        for layer in self.themes:
            nn.init.constant_(layer.bias, -3.0)

    def wide(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        """Give unit vectors times the root of their width, so that scores start at a useful size."""
        unit = [functional.normalize(vector.float(), dim=-1) for vector in self.encoder(ids, mask)]
        return [functional.dropout(one, 0.1, self.training) * math.sqrt(one.shape[1]) for one in unit]

    def forward(self, ids: Tensor, mask: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Scores of goals and of themes at each stop."""
        wide = self.wide(ids, mask)
        return [(goal(one), theme(one)) for goal, theme, one in zip(self.goal, self.themes, wide, strict=True)]
