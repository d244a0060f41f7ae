"""Which of two estimates the page shows: corrected by the audit sample where there is one, else as the model reads."""

from collections.abc import Mapping, Sequence
from typing import Final

from warehouse.page.facts import Row

# Column of the model's reading -> column of the corrected one.
SHARES: Final = {"share": "share_corrected", "share_low": "corrected_low", "share_high": "corrected_high"}
PURPOSES: Final = {**SHARES, "effective_posts": "effective_n"}
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
TREND: Final = {
    **SHARES,
    "share_personal": "share_corrected_personal",
    "share_personal_low": "corrected_low_personal",
    "share_personal_high": "corrected_high_personal",
    "change": "change_corrected",
    "change_low": "change_corrected_low",
    "change_high": "change_corrected_high",
}


def are_corrected(rows: Sequence[Row], columns: Mapping[str, str]) -> bool:
    """Tell whether all that is shown can be corrected: corrected and other shares are never mixed in one chart."""
    shown = [row[corrected] for row in rows for column, corrected in columns.items() if row[column] is not None]
    return bool(shown) and all(figure is not None for figure in shown)


def best(rows: Sequence[Row], columns: Mapping[str, str]) -> list[Row]:
    """Put the corrected figures in the place of the model's (kept as `model_share` and so on) if all have one."""
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
