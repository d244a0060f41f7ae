"""The encoder as a torch module: BERT with learned positions, normalised after each residual."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from nlp.training.base import Base


class Layer(nn.Module):
    """Self-attention and a feed-forward pair, each added to its input and normalised."""

    def __init__(self, hidden: int, inner: int, heads: int, eps: float, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm1 = nn.LayerNorm(hidden, eps)
        self.up = nn.Linear(hidden, inner)
        self.down = nn.Linear(inner, hidden)
        self.norm2 = nn.LayerNorm(hidden, eps)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Take x (batch, length, hidden); mask (batch, 1, 1, length), true where a token stands."""
        batch, length, hidden = x.shape
        qkv = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(*qkv.unbind(0), attn_mask=mask)  # dropout here halves the speed
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, hidden))
        x = self.norm1(x + functional.dropout(mixed, self.dropout, self.training))
        inner = self.down(functional.gelu(self.up(x)))
        result: Tensor = self.norm2(x + functional.dropout(inner, self.dropout, self.training))
        return result


class Encoder(nn.Module):
    """Token ids to the mean of the tokens' vectors, not normalised, after each of some numbers of layers."""

    def __init__(self, base: Base, pieces: int, stops: Sequence[int], dropout: float = 0.1) -> None:
        super().__init__()
        self.stops = tuple(stops)
        self.word = nn.Embedding(pieces, base.hidden)
        self.position = nn.Parameter(torch.zeros(len(base.tensors["emb.pos"]), base.hidden))
        self.norm = nn.LayerNorm(base.hidden, base.eps)
        self.dropout = dropout
        made = [Layer(base.hidden, base.inner, base.heads, base.eps, dropout) for _ in range(self.stops[-1])]
        self.layers = nn.ModuleList(made)

    def forward(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        """Ids (batch, length) int64 and mask, 1.0 where a token stands, to one (batch, hidden) for each stop."""
        x = self.norm(self.word(ids) + self.position[: ids.shape[1]])
        x = functional.dropout(x, self.dropout, self.training)
        seen = mask.bool()[:, None, None, :]
        vectors = []
        for number, layer in enumerate(self.layers, 1):
            x = layer(x, seen)
            if number in self.stops:
                vectors.append((x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1))
        return vectors


def from_base(base: Base, kept: npt.NDArray[np.int64], stops: Sequence[int], dropout: float = 0.1) -> Encoder:
    """Take the base's weights for the kept pieces and its lowest layers, up to the last stop."""
    encoder = Encoder(base, len(kept), stops, dropout)
    tensors = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in base.tensors.items()}
    with torch.no_grad():
        encoder.word.weight.copy_(tensors["emb.word"][torch.from_numpy(kept)])
        encoder.position.copy_(tensors["emb.pos"] + tensors["emb.type"][0])
        fill(encoder.norm, tensors, "emb.ln")
        for number, layer in enumerate(encoder.layers):
            assert isinstance(layer, Layer)  # noqa: S101 - tells the type checker what a ModuleList holds
            name = f"l{number}"
            layer.qkv.weight.copy_(torch.cat([tensors[f"{name}.{part}.w"] for part in "qkv"]))
            layer.qkv.bias.copy_(torch.cat([tensors[f"{name}.{part}.b"] for part in "qkv"]))
            for module, part in (
                (layer.out, "ao"),
                (layer.norm1, "aln"),
                (layer.up, "fi"),
                (layer.down, "fo"),
                (layer.norm2, "oln"),
            ):
                fill(module, tensors, f"{name}.{part}")
    return encoder


def fill(module: nn.Linear | nn.LayerNorm, tensors: dict[str, Tensor], name: str) -> None:
    """Copy one weight and bias."""
    module.weight.copy_(tensors[f"{name}.w"])
    module.bias.copy_(tensors[f"{name}.b"])


def as_batch(rows: Sequence[Sequence[int]], pad: int = 1) -> tuple[Tensor, Tensor]:
    """Token rows to ids and mask, padded to the longest."""
    width = max(map(len, rows))
    ids = torch.full((len(rows), width), pad, dtype=torch.long)
    mask = torch.zeros((len(rows), width))
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1.0
    return ids, mask
