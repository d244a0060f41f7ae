"""The codebook's rules, read from docs/codebook.md so that annotators and readers see the same words."""

import re
from functools import cache
from pathlib import Path
from typing import Final

CODEBOOK: Final = Path(__file__).parents[2] / "docs" / "codebook.md"


@cache
def rules() -> dict[str, str]:
    """Map each goal and theme to what the codebook says it looks like."""
    found = {}
    for line in CODEBOOK.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for at, cell in enumerate(cells[:2]):
            label = re.fullmatch(r"`(\w+)`", cell)
            if line.startswith("|") and label and len(cells) > at + 1:
                found[label[1]] = cells[-1]
    return found


@cache
def decisions() -> str:
    """Return the section with the decision rules, as Markdown."""
    text = CODEBOOK.read_text(encoding="utf-8")
    return text.split("## Decision rules", 1)[1].split("\n## ", 1)[0].strip()
