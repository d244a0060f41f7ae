"""Vega, Vega-Lite and Vega-Embed as one script, from the vl-convert wheel: nothing is fetched.

Unpacking it takes well over a second, so it is kept beside the published file, in a folder for its owner alone.
"""

from importlib.metadata import version
from pathlib import Path
from typing import Final

import altair as alt
import vl_convert

from warehouse.private import write_private

_SNIPPET: Final = "window.vegaEmbed = vegaEmbed;"


def script(folder: Path) -> str:
    """Return the script that draws Altair's charts; `folder` keeps it for the next time, when it may be written."""
    vega_lite = alt.VEGALITE_VERSION
    kept = folder / f"vega-lite-{vega_lite}-{version('vl-convert-python')}.js"
    try:
        return kept.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        made = vl_convert.javascript_bundle(_SNIPPET, ".".join(vega_lite.split(".")[:2]))
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        write_private(kept, made)
    except OSError:
        return made  # an analyst's read-only copy: the next report unpacks it again
    return made
