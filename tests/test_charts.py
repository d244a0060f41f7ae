"""The charts as they are drawn: what their axes say."""

import re

import vl_convert

from warehouse.page.rows import differences


def test_zero_has_no_sign():
    """On an axis of differences nothing is written before 0, and a plus before what is more."""
    row = {"label": "Voor zichzelf", "difference": 0.02, "difference_low": -0.2, "difference_high": 0.3}
    drawn = vl_convert.vegalite_to_svg(differences([row | {"withheld": None}], str))
    words = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)

    assert {"0", "+10", "+20"} < set(words)
    assert "+0" not in words
