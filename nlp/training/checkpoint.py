"""A fine-tuning that was broken off goes on where it was, with the same result: it takes hours on many machines."""

import pickle
from pathlib import Path
from typing import Any

import torch


class Checkpoint:
    """One file, of one training: `of` names its posts and settings, and nothing is taken over from another."""

    def __init__(self, file: Path, of: str) -> None:
        self.file, self.of = file, of

    def write(self, state: dict[str, Any]) -> None:
        """Keep this state and no earlier one."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        new = self.file.with_suffix(".new")
        torch.save({"of": self.of, "state": state}, new)
        new.replace(self.file)

    def read(self) -> dict[str, Any] | None:
        """Give the state that this training was in when it was broken off; None when it begins."""
        try:
            found = torch.load(self.file, weights_only=True)
        except (OSError, RuntimeError, EOFError, pickle.UnpicklingError):
            return None
        return found["state"] if found["of"] == self.of else None
