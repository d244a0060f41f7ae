"""How large the inputs of an encoder's linear layers become, so that they can be cut into 8-bit steps beforehand."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from nlp.training.network import Encoder, as_batch


def input_ranges(encoder: Encoder, rows: Sequence[Sequence[int]], size: int = 32) -> dict[str, float]:
    """Largest absolute input of each linear layer over token rows, by the layer's name."""
    largest: dict[str, float] = {}

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def seen(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            largest[name] = max(largest.get(name, 0.0), float(inputs[0].abs().max()))

        return seen

    watched = [
        part.register_forward_pre_hook(watch(name))
        for name, part in encoder.named_modules()
        if isinstance(part, nn.Linear)
    ]
    encoder.eval()
    with torch.inference_mode():
        for at in range(0, len(rows), size):
            encoder(*as_batch(rows[at : at + size]))
    for one in watched:
        one.remove()
    return largest
