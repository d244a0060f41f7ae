"""Which of two estimates the page shows: corrected by the audit sample where there is one, else as the model reads."""

from collections.abc import Mapping, Sequence
from typing import Final

from warehouse.page.facts import Row

# Column of the model's reading -> column of the corrected one.
SHARES: Final = {"share": "share_corrected", "share_low": "corrected_low", "share_high": "corrected_high"}
COMPARED: Final = {
    "share_hr": "share_corrected_hr",
    "share_low_hr": "corrected_low_hr",
    "share_high_hr": "corrected_high_hr",
    "share_marketing": "share_corrected_marketing",
    "share_low_marketing": "corrected_low_marketing",
    "share_high_marketing": "corrected_high_marketing",
    "difference": "difference_corrected",
    "difference_low": "difference_corrected_low",
    "difference_high": "difference_corrected_high",
}


def are_corrected(rows: Sequence[Row], columns: Mapping[str, str]) -> bool:
    """Tell whether every row can be shown corrected: corrected and other shares are never mixed in one chart."""
    return bool(rows) and all(row[corrected] is not None for row in rows for corrected in columns.values())


def best(rows: Sequence[Row], columns: Mapping[str, str]) -> list[Row]:
    """Put the corrected figures in the place of the model's (kept as `model_share` and so on) if all rows have them."""
    if not are_corrected(rows, columns):
        return list(rows)
    return [
        {
            **row,
            **{f"model_{column}": row[column] for column in columns},
            **{column: row[corrected] for column, corrected in columns.items()},
        }
        for row in rows
    ]
