"""The sample panel: fiction in wire formats, read by the real mapping."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.mapping import map_page
from connectors.post import Post
from connectors.sample import FOLDER, SampleSource
from connectors.source import Page, Window

ANCHOR = date(2027, 3, 2)
MIDNIGHT = datetime(2027, 3, 2, tzinfo=UTC)


def read(since: datetime, until: datetime, position: str | None = None) -> list[Page]:
    """Read the windows of a period."""
    source = SampleSource(ANCHOR)
    return [page for window in source.windows("panel", since, until) for page in source.pages(window, position)]


def posts(pages: list[Page]) -> list[Post]:
    """Map pages, none of which may hold a reject."""
    mapped = [map_page(page, source="sample", query="panel") for page in pages]
    assert not [reject for part in mapped for reject in part.rejects]
    return [post for part in mapped for post in part.posts]


@pytest.fixture(scope="module")
def year() -> list[Page]:
    """Read the whole panel."""
    return read(MIDNIGHT - timedelta(days=SampleSource.first_days), MIDNIGHT)


def test_a_year_of_posts_is_mapped_without_a_reject(year):
    """All four platforms, about 1,500 posts and 90 authors come out of the real mapping."""
    found = posts(year)
    assert len({(post.platform, post.post_id) for post in found}) == len(found) == 1600
    assert Counter(post.platform for post in found) == {"x": 590, "bluesky": 586, "reddit": 218, "mastodon": 206}
    assert len({(post.platform, post.author_id) for post in found}) == 92
    assert {post.kind for post in found} == {"post", "reply", "repost", "quote"}
    assert {post.source for post in found} == {"sample"}
    assert sum(post.bio is not None for post in found if post.platform != "reddit") > 1200


def test_the_newest_post_is_yesterdays(year):
    """Dates are shifted by whole days up to the day before the anchor."""
    times = [post.created_at for post in posts(year)]
    assert max(times).date() == ANCHOR - timedelta(days=1)
    assert min(times) > MIDNIGHT - timedelta(days=SampleSource.first_days)


def test_ids_and_hours_do_not_depend_on_the_anchor(year):
    """The same post on another day has the same id, text and time of day, so it is never stored twice."""
    other = SampleSource(ANCHOR + timedelta(days=40))
    window = Window("sample", "panel", MIDNIGHT - timedelta(days=366), MIDNIGHT + timedelta(days=40))
    moved = {post.post_id: post for post in posts(list(other.pages(window)))}
    for post in posts(year):
        if post.post_id in moved:
            assert moved[post.post_id].created_at - post.created_at == timedelta(days=40)
            assert moved[post.post_id].text == post.text
    assert len(moved) > 1400


def test_a_window_holds_its_own_posts_and_no_others(year):
    """Two half-open windows share no post and together hold all of both."""
    middle = MIDNIGHT - timedelta(days=100)
    before, after = posts(read(MIDNIGHT - timedelta(days=366), middle)), posts(read(middle, MIDNIGHT))
    assert max(post.created_at for post in before) < middle <= min(post.created_at for post in after)
    assert len(before) + len(after) == 1600


def test_reading_goes_on_where_it_stopped(year):
    """From each page's position on come exactly the pages that follow it."""
    for number, page in enumerate(year[:-1], 1):
        rest = read(MIDNIGHT - timedelta(days=366), MIDNIGHT, page.position)
        assert [other.payload for other in rest] == [other.payload for other in year[number:]]
    assert [page.end for page in year] == ["more"] * (len(year) - 1) + ["complete"]


def test_an_empty_window_is_complete_at_once():
    """A window in which nobody posted has one page without posts."""
    (page,) = read(MIDNIGHT, MIDNIGHT + timedelta(days=1))
    assert (page.end, posts([page])) == ("complete", [])


def test_the_panel_is_small_and_says_that_it_is_fiction():
    """Every file either carries the word or names hosts under .example only."""
    files = sorted(FOLDER.glob("*.json"))
    assert sum(file.stat().st_size for file in files) < 2_500_000
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith('{"fiction":"Invented') or ".example/users/" in text
