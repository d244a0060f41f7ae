"""Themes: seven questions, each by itself."""

import numpy as np
import pytest
from trained import read

from nlp.codebook import THEMES
from nlp.themes import LIKELY, present


def test_none_one_or_several():
    """Every theme that is likely enough is there, in the codebook's order."""
    p = [0.0, 0.35, 0.34, 1.0, 0.0, 0.0, 0.2]
    assert present(p) == [("unproven_technology", 0.35), ("adoption", 1.0)]
    assert present([0.0] * len(THEMES)) == []


def test_private_chatter_has_no_theme():
    """A barbecue says nothing about technology."""
    assert read("Eindelijk weekend. Barbecue aan!")[0].themes == ()


def test_probabilities_run_in_step():
    """Each theme has its own probability beside it, at least the threshold."""
    (one,) = read("Ons sociaal intranet staat er een jaar en nog steeds gebruikt niemand het.")
    assert len(one.themes) == len(one.themes_p) > 0
    assert all(p >= LIKELY for p in one.themes_p)


@pytest.mark.parametrize("count", [1, 6])
def test_wrong_number_of_probabilities_is_an_error(count):
    """A head for other themes is not silently cut short."""
    with pytest.raises(ValueError, match="zip"):
        present(np.zeros(count).tolist())
