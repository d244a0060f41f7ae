"""What X would cost, what it has cost, and what became of stored posts, each before or beside the reading."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from collecting import presences
from fake_x import NOON, FakeX, post, series, user
from loopback import Told, serving
from x_source import source, window

from connectors.errors import Refused, Transient


def test_forecast_prices_a_window_without_reading_a_post():
    """The counts endpoint tells posts, requests and dollars before a post is bought."""
    with serving(FakeX(series(250))) as x:
        one = source(x.base_url)
        found = one.forecast([window("archive:werk")])

    assert (found.posts, found.requests, found.dollars, found.asked) == (250, 1, 5.0, 0.01)
    assert one.unbilled() == (("counts_all", 1),)
    assert x.paths == ["/2/tweets/counts/all"]


def test_forecast_of_a_recent_search_counts_what_it_can_reach():
    """What lies more than seven days back is neither read nor counted, so it costs nothing."""
    now = datetime.now(UTC).replace(microsecond=0)
    with serving(FakeX(series(20, newest=now - timedelta(hours=1), step=timedelta(days=1)))) as x:
        one = source(x.base_url)
        partly = one.forecast([window("search:werk", now - timedelta(days=30), now)])
        lost = one.forecast([window("search:werk", now - timedelta(days=30), now - timedelta(days=20))])

    assert (partly.posts, lost.posts, lost.requests, lost.asked) == (7, 0, 0, 0)
    assert x.paths == ["/2/tweets/counts/recent"]


def test_timelines_over_one_period_are_counted_with_one_request():
    """As many accounts as X's query has room for; another period is another question."""
    now = datetime.now(UTC).replace(microsecond=0)
    night = [window(f"timeline:account_nr_{number:04}", now - timedelta(hours=30), now) for number in range(50)]
    new = window("timeline:noor_vdberg_hr", now - timedelta(days=6), now)
    one = source("http://127.0.0.1:9")
    batches = one.countable([*night, new])

    assert [len(batch) for batch in batches] == [21, 21, 8, 1]
    assert [window for batch in batches for window in batch] == [*night, new]
    assert max(len(" OR ".join(f"from:{one.query[9:]}" for one in batch)) for batch in batches) <= 512


def test_a_long_query_of_the_archive_over_recent_days_is_counted():
    """It is counted by the archive, which takes 1,024 characters, and in one batch, for no batch is empty."""
    now = datetime.now(UTC)
    long = window(f"archive:{' OR '.join(['hr'] * 100)}", now - timedelta(days=1), now)
    with serving(FakeX([])) as x:
        one = source(x.base_url)
        [batch] = one.countable([long])
        found = one.forecast(batch)

    assert batch == (long,)
    assert (one.asking_cost(batch), found.asked, one.unbilled()) == (0.01, 0.01, (("counts_all", 1),))


def test_counts_that_lose_their_token_may_pass():
    """A part of them is no total, and the error is one that every caller knows; what X answered is billed."""
    lost = Told({"errors": [{"parameters": {"next_token": ["c2"]}, "message": "not a valid token"}]}, 400)
    first = Told({"data": [], "meta": {"total_tweet_count": 3, "next_token": "c2"}})
    with serving(lambda asked: lost if "next_token" in asked.query else first) as x:
        one = source(x.base_url)
        with pytest.raises(Transient, match="not a valid token"):
            one.forecast([window("archive:werk")])

    assert len(x.asked) == 2
    assert one.unbilled() == (("counts_all", 1),)


def test_an_answer_that_counts_nothing_is_billed_all_the_same():
    """X bills the request that it answered, whatever stands in the answer."""
    with serving(lambda _: Told({"data": []})) as x:
        one = source(x.base_url)
        with pytest.raises(Transient, match="lack a total"):
            one.forecast([window("archive:werk")])

    assert one.unbilled() == (("counts_all", 1),)


def test_a_forecast_of_timelines_reads_no_post():
    """Posts of these accounts alone, a request an account at least, and what the count leaves out."""
    now = datetime.now(UTC).replace(microsecond=0)
    users = [user(), user("502", "bram_janssen_hr"), user("503", "iemand_anders")]
    posts = [
        post(now - timedelta(hours=1), author_id=name, id=str(number))
        for number, name in enumerate(["501", "502", "503"])
    ]
    batch = [window(f"timeline:{name}", now - timedelta(days=2), now) for name in ("noor_vdberg_hr", "@502")]
    with serving(FakeX(posts, users)) as x:
        found = source(x.base_url).forecast(batch)

    assert (found.posts, found.requests, found.dollars, found.note) == (2, 2, 0.04, "reposts are not counted")
    assert [(asked.path, asked.query["query"]) for asked in x.asked] == [
        ("/2/tweets/counts/recent", "from:noor_vdberg_hr OR from:502")
    ]


def test_a_list_is_forecast_by_its_cap():
    """X has no counts for a list, so nothing is asked and the figures say what they are."""
    with serving(FakeX([])) as x:
        one = source(x.base_url)
        found, asking = one.forecast([window("list:77")]), one.asking_cost([window("list:77")])

    assert (found.posts, found.requests, found.dollars, found.asked, asking) == (800, 8, 16.0, 0.0, 0.0)
    assert "this is its cap" in found.note
    assert x.asked == []


def test_what_a_count_may_cost_is_known_beforehand():
    """A recent count is one request; the archive gives a month an answer."""
    now, one = datetime.now(UTC), source("http://127.0.0.1:9")

    assert one.asking_cost([window("search:werk", now - timedelta(days=90), now)]) == 0.005
    assert one.asking_cost([window("timeline:501", now - timedelta(days=2), now)]) == 0.005
    assert one.asking_cost([window("timeline:501", now - timedelta(days=90), now)]) == 0.04


def test_usage_tells_what_x_has_billed():
    """The usage endpoint is read for reconciliation, by total and by day."""
    with serving(FakeX([])) as x:
        usage = source(x.base_url).usage()

    assert (110, 3_000_000, 9, ((NOON.date(), 35),)) == (usage.used, usage.cap, usage.reset_day, usage.days)


def test_check_tries_the_token_and_reads_no_post():
    """For `doctor`: one request to the usage endpoint; a refusal has X's reason and not the token."""
    with serving(FakeX([])) as x:
        assert "110 of 3,000,000 post reads" in source(x.base_url).check()
    assert x.paths == ["/2/usage/tweets"]

    with serving(FakeX([])) as x, pytest.raises(Refused, match="401: Unauthorized") as caught:
        source(x.base_url, bearer_token="planted-token").check()
    assert "planted-token" not in str(caught.value)


def test_each_stored_post_gets_one_outcome():
    """Deleted, protected and suspended are told apart; what X does not mention is unknown."""
    posts = series(4)
    keys = [item["id"] for item in posts]
    gone = {keys[1]: "Not Found Error", keys[2]: "Authorization Error", keys[3]: "Forbidden"}
    with serving(FakeX(posts, gone=gone)) as x:
        outcomes = presences(source(x.base_url).look_again([*keys, "77", "no id"]))

    assert list(outcomes.values()) == ["found", "deleted", "protected", "suspended", "unknown", "unknown"]
    assert len(x.asked) == 1


def test_an_item_without_an_id_proves_nothing_and_costs_no_other():
    """What X answers about the others is kept."""
    kept, other = series(2)
    with serving(lambda _: Told({"data": [kept, {"text": "?"}, other | {"id": 5}, None]})) as x:
        found = presences(source(x.base_url).look_again([kept["id"], other["id"]]))

    assert found == {kept["id"]: "found", other["id"]: "unknown"}


def test_a_hundred_posts_are_checked_in_one_request():
    """250 ids take three requests."""
    with serving(FakeX(series(250))) as x:
        outcomes = presences(source(x.base_url).look_again([item["id"] for item in series(250)]))

    assert (Counter(outcomes.values()), len(x.asked)) == ({"found": 250}, 3)


def test_reads_tell_new_from_repeated():
    """What X gave on the same day already is counted apart, for it is not billed again."""
    with serving(FakeX([post()])) as x:
        one = source(x.base_url)
        reads = [page.reads for _ in range(2) for page in one.pages(window("archive:werk"))]

    assert reads == [(("post", 1), ("user", 1)), (("post repeated", 1), ("user repeated", 1))]
