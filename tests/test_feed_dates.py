"""Dates of a feed's entries: what feedparser reads right, what is put right and what is set aside."""

import json
from datetime import UTC, datetime

import pytest

from connectors.mapping import map_page
from connectors.source import Page

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def dated(*written):
    """Map a feed with an entry for each date."""
    entries = "".join(
        f"<item><guid>https://blog.example/{number}</guid><title>Werk</title><pubDate>{date}</pubDate></item>"
        for number, date in enumerate(written)
    )
    text = f'<rss version="2.0"><channel><title>Het HR-blog</title>{entries}</channel></rss>'
    payload = json.dumps({"url": "https://blog.example/feed", "text": text})
    return map_page(Page("feed/entries", payload, NOON, "complete"), source="feeds", query="q")


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("Sun, 01 Mar 2026 00:30:00 CET", 23),
        ("Sun, 01 Mar 2026 00:30 cet", 23),
        ("Sun, 01 Mar 2026 00:30:00 MET", 23),
        ("Sun Mar  1 00:30:00 CET 2026", 23),
        ("Sun, 01 Mar 2026 00:30:00 CEST", 22),
        ("Sun, 01 Mar 2026 00:30:00 +0100", 23),
        ("Sun, 01 Mar 2026 00:30:00 +0100 (CET)", 23),
        ("Sun, 01 Mar 2026 00:30:00 +0200 CEST", 22),
    ],
)
def test_central_european_time_is_known_by_name(written, hour):
    """Read as if in UTC it would be one or two hours late; an offset says all by itself."""
    (post,) = dated(written).posts

    assert post.created_at == datetime(2026, 2, 28, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "25-11-2026",
        "13-06-2026 10:00",
        "01-06-2026",
        "31-12-2025 10:00:00",
        "06-01-2026 10:00 CET",
        "25-11-2026T10:00:00Z",
        "10:00 25-11-2026",
        "25-11-2026, 10:00",
        "25-11-26 10:00",
        "13-06-26",
        "06-01-26T10:00:00Z",
        "10:00 25-11-26",
        "25112026",
        "11-2026",
        "2026/11/25 10:00:00 +0100",
        "2026.11.25",
        "2026-25-11",
        "2026-02-30",
        "2026-W48",
        "1764064800",
        "0001-01-01T00:00:00Z",
        "-0001-11-30T00:00:00Z",
        "2026-m\u00e1rcius-01T10:00+00:00",
    ],
)
def test_a_date_in_digits_that_is_not_year_month_and_day_is_none(written):
    """It would be read as another day; other entries of the feed stand, however dated."""
    result = dated(written, "2026-03-02T12:00:00Z", "Mon, 02 Mar 2026 13:00:00 +0100")

    assert [(reject.item, reject.reason) for reject in result.rejects] == [
        (0, "ValueError: has no date that can be read")
    ]
    assert [post.created_at for post in result.posts] == [NOON] * 2


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-01", (2026, 3, 1)),
        ("2026-3-1 10:00", (2026, 3, 1, 10)),
        ("20260301", (2026, 3, 1)),
        ("2026-03-01T00:30:00+01:00", (2026, 2, 28, 23, 30)),
        ("2026-02-28T23:30:00-05:00", (2026, 3, 1, 4, 30)),
        ("2026-03-01+01:00", (2026, 3, 1)),
        ("2026-03", (2026, 3, 1)),
        ("1 Mar 26 10:00 +0000", (2026, 3, 1, 10)),
        ("Sun, 2026/03/01 10:00:00 GMT", (2026, 3, 1, 10)),
    ],
)
def test_a_date_that_says_its_year_first_or_names_its_month_is_read(written, read):
    """An offset may make it the day before or after."""
    (post,) = dated(written).posts

    assert post.created_at == datetime(*read, tzinfo=UTC)
