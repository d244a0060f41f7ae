"""Folders and files as a person names them."""

from pathlib import Path


def expanded(place: Path) -> Path:
    """Return where a place that begins with `~` lies; no shell has done that in a file, or behind `--home=`."""
    if "\0" in str(place):
        raise ValueError("a name cannot hold the character NUL")
    try:
        return place.expanduser()
    except RuntimeError:
        raise ValueError("no home folder is known for what stands behind ~; write the whole path") from None
