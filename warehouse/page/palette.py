"""The colours of the page, each at least 4.5 to 1 against white, told apart by the colour-blind and in grey print."""

from typing import Final

INK: Final = "#1b2430"
SOFT: Final = "#55606e"
LINE: Final = "#d5dae1"

ORGANISATION: Final = "#0b6070"
PERSONAL: Final = "#b4480f"
OTHER: Final = "#667080"
MARKETING: Final = "#7d2e68"
TALKED: Final = "#8fc1cb"
ABSENT: Final = "#eceef1"

PURPOSES: Final = {"organisational": ORGANISATION, "personal": PERSONAL, "other": OTHER}
CLASSES: Final = {"on_agenda": ORGANISATION, "talked_about": TALKED, "absent": ABSENT}
HOLE: Final = "#a8660b"
GRID: Final = "#e8ebef"
