"""The place to go on from survives in the ledger as text, whoever wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.bluesky.queries import Place as BlueskyPlace
from connectors.feeds.source import Seen
from connectors.mastodon.queries import Place as MastodonPlace
from connectors.position import read_place, written
from connectors.reddit.place import Place as RedditPlace
from connectors.x.place import Place as XPlace

KINDS = (XPlace, RedditPlace, BlueskyPlace, MastodonPlace, Seen)
TEXTS = st.none() | st.text(max_size=20)
PLACES = (
    st.builds(XPlace, st.text(), TEXTS, TEXTS, st.integers(0), TEXTS, TEXTS, st.none() | st.integers(0))
    | st.builds(RedditPlace, st.lists(st.text(max_size=9), max_size=3).map(tuple), st.integers(0), TEXTS)
    | st.builds(BlueskyPlace, TEXTS, TEXTS, st.integers(0), TEXTS, st.integers(0, 1))
    | st.builds(MastodonPlace, TEXTS, TEXTS)
    | st.builds(Seen, TEXTS, TEXTS, TEXTS)
)


@given(PLACES)
def test_a_place_survives_being_written(place):
    """What a later process reads is what was written."""
    assert read_place(type(place), written(place)) == place


@given(st.sampled_from(KINDS), st.none() | st.text().filter(lambda text: "{" not in text))
def test_any_other_text_is_no_place(kind, text):
    """A text that is no place is None, so that the window starts again."""
    assert read_place(kind, text) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            '{"start": "2026-03-02T00:00:00Z", "token": "t10", "seen": 9, "fresh": true, "restarts": 0}',
            XPlace("2026-03-02T00:00:00Z", token="t10", seen=9, fresh=True),
        ),
        ('{"anchors": ["t3_b", "t3_a"], "seen": 2, "oldest": null, "restarts": 0}', RedditPlace(("t3_b", "t3_a"), 2)),
        ('{"cursor": "c2", "seen": 100, "restarts": 0}', BlueskyPlace("c2", seen=100)),
        ('{"max_id": "1140", "account": "7"}', MastodonPlace("1140", "7")),
        ('{"etag": "\\"v1\\""}', Seen('"v1"')),
        ('{"start": "2026-03-02T00:00:00Z", "from_another_version": 1}', None),
        ("[1]", None),
    ],
)
def test_what_ledgers_hold_is_still_read(text, place):
    """Texts as they were stored; one with a name that is not known is no place."""
    assert read_place(type(place) if place else XPlace, text) == place
