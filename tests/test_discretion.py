"""Where a query or a message about one is shown, no account's name is."""

import pytest

from flows.discretion import discreet, discreet_words

FEED = "https://anna-jansen.nl/feed"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("search:@anna_jansen hrm", "search:@... hrm"),
        ("search:hrm (@anna OR -@bob)", "search:hrm (@... OR -@...)"),
        ('search:hrm "@anna" verzuim', 'search:hrm "@..." verzuim'),
        ("search:retweets_of:anna", "search:retweets_of:..."),
        ("search:mentions:anna.bsky.social hr", "search:mentions:... hr"),
        ("search:hr from:anna -to:@bob", "search:hr from:... -to:..."),
        ('search:(hr url:"anna.nl/blog")', "search:(hr url:...)"),
        ("search:hr url:anna.nl/blog", "search:hr url:..."),
        ("search:hr domain:anna.nl", "search:hr domain:..."),
        ("timeline:@anna", "timeline:..."),
        (FEED, "feed:..."),
    ],
)
def test_a_query_is_shown_without_the_account_that_it_names(query, shown):
    """The words that are asked for stay, and so does how a name is asked for."""
    assert discreet(query) == shown


@pytest.mark.parametrize(
    "query", ["search:werkgeluk@thenetherlands", 'search:"hr adviseur"@werk', "search:(hr OR po)@werk", "tag:hr@m.nl"]
)
def test_a_place_is_no_account(query):
    """A subreddit behind the words of a search, and a hashtag's server, tell queries apart and name nobody."""
    assert discreet(query) == query


@pytest.mark.parametrize("where", ["https://www.anna-jansen.nl/feed/", f"{FEED}/anna", "//anna.nl/x", "/van/anna", "?"])
def test_where_a_feed_has_moved_is_told_to_nobody(where):
    """The new address is as much the person's as the old one; the person who runs it has both in the vault."""
    words = f"{FEED} has moved to {where}: change its address"

    assert discreet_words(words, FEED) == "feed:... has moved to ...: change its address"
    assert discreet_words(words, FEED, [FEED]) == "feed (query 1) has moved to ...: change its address"


def test_what_a_feed_answered_stays():
    """Only addresses go."""
    assert discreet_words(f"{FEED}: the feed is cut", FEED) == "feed:...: the feed is cut"
    assert discreet_words(f"{FEED} answered 404: Not Found", FEED) == "feed:... answered 404: Not Found"
