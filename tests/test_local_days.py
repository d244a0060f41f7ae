"""The Dutch pages count days as the Dutch do: from midnight in Amsterdam, the last day included."""

from datetime import UTC, date, datetime

import pytest
from stocked import post
from test_report import page_of, publish_posts

from connectors.source import Window
from warehouse.labelling import Question

NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
JANUARY = Window(
    "x", "search:#hr", datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 1, 31, 23, tzinfo=UTC)
)  # from midnight to midnight in Amsterdam


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a file with one post, half an hour into the new year, and windows that are planned for its January."""
    return publish_posts(tmp_path_factory.mktemp("days"), [post(1, created_at=NEW_YEAR)], windows=[JANUARY])


def test_the_report_names_the_days_of_amsterdam(published):
    """A post of 23:30 UTC on 31 December is of 1 January; what was planned ends on the last day of its month."""
    words = page_of(published).words

    assert "Periode 1 januari 2026 tot en met 1 januari 2026" in words
    assert "tijdvakken van tot en met" in words
    assert "X gepland 1 1 januari 2026 31 januari 2026" in words


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [(date(2026, 1, 1), date(2026, 1, 2), 1), (date(2025, 12, 31), date(2026, 1, 1), 0)],
    ids=["1 January", "31 December"],
)
def test_the_posts_page_filters_by_the_days_of_amsterdam(published, since, until, found):
    """The same post is found from 1 January on and not on 31 December, and the filters begin where the posts do."""
    asking = pytest.importorskip("warehouse.dashboard.asking", reason="pyarrow is not installed")
    chosen = dict.fromkeys(("platform", "role", "goal", "keys")) | {"since": since, "until": until}
    with asking.asked(published.parent) as con:
        [bounds] = asking.rows(con, "bounds")
        posts = asking.rows(con, "posts", chosen)

    assert (bounds["first_day"], bounds["last_day"]) == (date(2026, 1, 1), date(2026, 1, 1))
    assert len(posts) == found


def test_the_posts_page_shows_the_moment_in_amsterdam():
    """A post is called by the day that it is found by."""
    post_page = pytest.importorskip("warehouse.dashboard.post_page", reason="streamlit is not installed")

    assert post_page._name({"created_at": NEW_YEAR, "platform": "x"}) == "01-01-2026 00:30 · X"


def test_the_labelling_page_shows_the_day_in_amsterdam(monkeypatch):
    """A post of half past ten at night in UTC's June is asked about as one of July."""
    label_page = pytest.importorskip("warehouse.dashboard.label_page", reason="streamlit is not installed")
    made_at = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    question = Question("abc", "audit", "x", made_at, "Tekst", "0" * 16, "2")

    said = []
    monkeypatch.setattr(label_page.st, "caption", said.append)
    monkeypatch.setattr(label_page.st, "html", lambda _: None)
    label_page._post(question, "steekproef")

    assert said == ["X, 01-07-2026 · steekproef · codeboek 2"]
