"""Texts in a CSV file that a spreadsheet or a terminal may open: nothing in them is run or obeyed."""

import re
from typing import Final

from warehouse.masking import CONTROL

FORMULA: Final = r"^[=+\-@\t\r]"
"""What a spreadsheet takes for the beginning of a formula; for Python and for DuckDB."""


def harmless(text: str) -> str:
    """Return the text with an apostrophe before it when it looks like a formula, and without control characters."""
    text = CONTROL.sub("", text)
    return f"'{text}" if re.match(FORMULA, text) else text


def as_meant(cell: str) -> str:
    """Return the text that `harmless` was given."""
    return cell[1:] if cell.startswith("'") and re.match(FORMULA, cell[1:]) else cell
