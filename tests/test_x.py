"""X through tweepy itself, against a small X on loopback and against recorded answers."""

import json
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from fake_x import NOON, FakeX, iso, post, series, snowflake, user
from loopback import Told, serving
from replay import needs_replay, replaying

from connectors.errors import CostStopped, Refused, SourceError, Transient
from connectors.mapping import map_page
from connectors.source import Window
from connectors.waiting import Waiting
from connectors.x import XSource
from connectors.x.place import Place

TOKEN = "token-of-noor"
SINCE = NOON - timedelta(days=30)
UNTIL = NOON + timedelta(hours=1)


def source(base_url, waits=None, **options):
    """Make a source that notes its pauses instead of making them."""
    noted = [] if waits is None else waits
    waiting = options.pop("waiting", None) or Waiting(sleep=lambda seconds: noted.append(seconds) is not None)
    return XSource(bearer_token=options.pop("bearer_token", TOKEN), base_url=base_url, waiting=waiting, **options)


def window(query, since=SINCE, until=UNTIL):
    """Return a window of the source under test."""
    return Window("x", query, since, until)


def ids_of(pages):
    """Return the ids of all posts on these pages, in their order."""
    mapped = [map_page(page, source="x", query="q") for page in pages]
    return [item.post_id for one in mapped for item in one.posts]


def collected(pages):
    """Return the pages that came, and the error that ended them."""
    stored = []
    try:
        for page in pages:
            stored.append(page)  # noqa: PERF402 - what came before the error is the point
    except SourceError as error:
        return stored, error
    return stored, None


def test_archive_is_read_page_by_page_to_its_end():
    """Every post of a window is read once, newest first, and the last page says complete."""
    posts = series(25)
    with serving(FakeX(posts)) as x:
        pages = list(source(x.base_url, page_size_archive=10).pages(window("archive:werk")))

    assert [item["id"] for item in posts] == ids_of(pages)
    assert [page.end for page in pages] == ["more", "more", "complete"]
    assert x.paths == ["/2/tweets/search/all"] * 3


def test_author_bio_time_and_text_come_with_the_page():
    """A post carries its author's handle, name and bio without another request."""
    with serving(FakeX([post(text="Werk &amp; privé")])) as x:
        [page] = source(x.base_url).pages(window("archive:werk"))

    [item] = map_page(page, source="x", query="archive:werk").posts
    assert (
        item.handle,
        item.display_name,
        item.bio,
    ) == ("noor_vdberg_hr", "Noor van den Berg", "HR-adviseur bij Molenwiek Zorg & Welzijn")
    assert (item.created_at, item.text, item.query) == (NOON, "Werk & privé", "archive:werk")


def test_killed_between_two_pages_nothing_is_lost_or_read_twice():
    """A second process that goes on from the stored position reads the rest and only the rest."""
    posts = series(35)
    with serving(FakeX(posts)) as x:
        first = next(source(x.base_url, page_size_archive=10).pages(window("archive:werk")))
        rest = list(source(x.base_url, page_size_archive=10).pages(window("archive:werk"), first.position))

    assert [item["id"] for item in posts] == ids_of([first, *rest])
    assert len(x.asked) == 4


def test_requests_of_a_page_bear_the_very_bounds_of_the_first():
    """A page token is used with the times that it was given for, also by a later run."""
    with serving(FakeX(series(25))) as x:
        first = next(source(x.base_url, page_size_archive=10).pages(window("archive:werk")))
        list(source(x.base_url, page_size_archive=10).pages(window("archive:werk"), first.position))

    bounds = {(asked.query["start_time"], asked.query["end_time"]) for asked in x.asked}
    assert {("2026-02-08T12:00:00Z", "2026-03-10T13:00:00Z")} == bounds


def test_a_fraction_of_a_second_belongs_to_the_window():
    """X drops fractions of a second, so the window's end is rounded up."""
    until = NOON.replace(microsecond=1)
    with serving(FakeX([post(NOON)])) as x:
        pages = list(source(x.base_url).pages(window("archive:werk", until=until)))

    assert [post(NOON)["id"]] == ids_of(pages)


def test_names_are_resolved_once_and_together():
    """The names of all timelines cost one request in all, and their reads are told with the next page."""
    users = [user(), user("502", "bram_janssen_hr")]
    posts = [post(), post(NOON, author_id="502", id=snowflake(NOON, 1))]
    queries = ["timeline:noor_vdberg_hr", "timeline:@bram_janssen_hr"]
    with serving(FakeX(posts, users)) as x:
        one = source(x.base_url, queries=queries)
        pages = [page for query in queries for page in one.pages(window(query))]

    assert x.paths == ["/2/users/by", "/2/users/501/tweets", "/2/users/502/tweets"]
    assert [(page.end, len(ids_of([page]))) for page in pages] == [("complete", 1), ("complete", 1)]
    assert pages[0].reads == (("post", 1), ("user", 2), ("user repeated", 1))


def test_known_accounts_cost_no_user_read():
    """A name whose id is known already is not asked for."""
    with serving(FakeX([post()])) as x:
        one = source(x.base_url, known_users={"noor_vdberg_hr": "501"})
        list(one.pages(window("timeline:noor_vdberg_hr")))

    assert x.paths == ["/2/users/501/tweets"]


def test_an_unknown_name_is_refused_with_the_reason_and_nothing_else_is():
    """A missing account refuses its own query and costs no second question."""
    with serving(FakeX([post()])) as x:
        one = source(x.base_url)
        for _ in range(2):
            with pytest.raises(Refused, match=r"Could not find user with usernames: \[weg\]") as caught:
                list(one.pages(window("timeline:weg")))

    assert not caught.value.whole_source
    assert len(x.asked) == 1


def test_a_suspended_account_is_refused_alone():
    """HTTP 200 with errors and no data is a refusal of one query, with X's words."""
    told = Told({"errors": [{"title": "Forbidden", "detail": "User has been suspended: [9].", "resource_id": "9"}]})
    with serving(lambda _asked: told) as x, pytest.raises(Refused, match="User has been suspended") as caught:
        list(source(x.base_url).pages(window("timeline:9")))

    assert not caught.value.whole_source


def test_an_empty_timeline_is_complete():
    """No posts in the window is a result, not an error."""
    with serving(FakeX([], [user()])) as x:
        pages = list(source(x.base_url).pages(window("timeline:noor_vdberg_hr")))

    assert [page.end for page in pages] == ["complete"]


def test_a_timeline_cut_by_its_cap_is_capped_at_what_was_reached():
    """When X shows no post before the window of a busy account, the window is not called complete."""
    posts = series(60)
    with serving(FakeX(posts, [user(posts=90000)], cap=20)) as x:
        pages = list(source(x.base_url, page_size=10).pages(window("timeline:noor_vdberg_hr")))

    assert (["more", "more", "capped"], posts[19]["created_at"][:19]) == (
        [page.end for page in pages],
        pages[-1].reached.isoformat()[:19],
    )


def test_a_timeline_that_goes_on_behind_the_window_is_complete():
    """A look of five posts behind the window proves that its cap was not hit."""
    posts = series(60)
    since = NOON - timedelta(hours=14, minutes=30)
    with serving(FakeX(posts, [user(posts=90000)], cap=30)) as x:
        pages = list(source(x.base_url, page_size=10).pages(window("timeline:noor_vdberg_hr", since)))

    assert [page.end for page in pages] == ["more", "more", "complete"]
    assert x.asked[-1].query["max_results"] == "5"
    assert "start_time" not in x.asked[-1].query
    assert [item["id"] for item in posts[:20]] == ids_of(pages)


def test_a_quiet_timeline_is_known_by_its_own_count_of_posts():
    """An account with fewer posts than the cap needs no look behind the window."""
    with serving(FakeX(series(3), [user(posts=12)])) as x:
        pages = list(source(x.base_url).pages(window("timeline:501")))

    assert [page.end for page in pages] == ["complete"]


def test_an_account_younger_than_the_window_is_complete():
    """What was posted before an account existed needs no proof."""
    young = user(posts=90000, created_at="2026-03-01T00:00:00.000Z")
    with serving(FakeX(series(3), [young], cap=2)) as x:
        pages = list(source(x.base_url).pages(window("timeline:501")))

    assert pages[-1].end == "complete"


def test_a_list_ends_where_the_window_begins():
    """Lists know no dates, so reading stops at the page that passes the window's beginning."""
    with serving(FakeX(series(60))) as x:
        since = NOON - timedelta(hours=15)
        pages = list(source(x.base_url, page_size=10).pages(window("list:77", since)))

    assert [page.end for page in pages] == ["more", "complete"]


def test_a_list_that_ends_near_its_cap_is_capped():
    """A list that stops at about 800 posts before the window began is not complete."""
    posts = series(900, step=timedelta(minutes=1))
    with serving(FakeX(posts, cap=800)) as x:
        pages = list(source(x.base_url).pages(window("list:77")))

    assert ("capped", posts[799]["created_at"][:19]) == (pages[-1].end, pages[-1].reached.isoformat()[:19])


def test_recent_search_marks_what_it_cannot_reach():
    """A window that begins more than seven days ago is capped where recent search begins."""
    now = datetime.now(UTC)
    with serving(FakeX([])) as x:
        [page] = source(x.base_url).pages(window("search:hr", now - timedelta(days=9), now))

    assert page.end == "capped"
    assert abs(page.reached - (now - timedelta(days=7))) < timedelta(minutes=2)


def test_a_window_that_recent_search_cannot_reach_any_more_is_closed_as_capped_without_a_request():
    """What was missed for more than seven days stays a hole in the ledger, and is not asked for every night."""
    with serving(FakeX([])) as x:
        [page] = source(x.base_url).pages(window("search:hr"))

    assert (page.end, page.reached, ids_of([page]), x.asked) == ("capped", UNTIL, [], [])


def test_a_recent_search_that_aged_meanwhile_goes_on_within_reach():
    """A search resumed days later asks for what recent search still answers, and is capped there."""
    now = datetime.now(UTC).replace(microsecond=0)
    posts = series(30, newest=now - timedelta(days=6), step=timedelta(hours=2))
    place = Place(start=iso(now - timedelta(days=8)), token="t10", seen=10, oldest=posts[9]["created_at"])
    with serving(FakeX(posts)) as x:
        pages = list(source(x.base_url).pages(window("search:hr", now - timedelta(days=8), now), place.written()))

    assert "next_token" not in x.asked[0].query
    assert pages[-1].end == "capped"
    assert [item["id"] for item in posts[9:12]] == ids_of(pages)


def test_a_window_up_to_now_is_resumed_from_its_place():
    """A window without an end to its requests resumes as well as any other."""
    now = datetime.now(UTC).replace(microsecond=0)
    posts = series(25, newest=now - timedelta(minutes=5), step=timedelta(minutes=1))
    upto_now = window("search:hr", now - timedelta(days=1), now)
    with serving(FakeX(posts)) as x:
        first = next(source(x.base_url, page_size=10).pages(upto_now))
        rest = list(source(x.base_url, page_size=10).pages(upto_now, first.position))

    assert [item["id"] for item in posts] == ids_of([first, *rest])
    assert len(x.asked) == 3


def test_a_lost_token_goes_on_by_time():
    """When X no longer knows a token the rest is asked for by time, and nothing is lost."""
    posts = series(30)
    refused = Told({"errors": [{"parameters": {"next_token": ["t10"]}, "message": "not a valid token"}]}, 400)
    fake = FakeX(posts, faults={1: refused})
    with serving(fake) as x:
        pages = list(source(x.base_url, page_size_archive=10).pages(window("archive:werk")))

    assert {item["id"] for item in posts} == set(ids_of(pages))
    assert x.asked[2].query["end_time"] == "2026-03-10T03:00:01Z"


@pytest.mark.parametrize(
    ("status", "body", "error", "whole"),
    [
        (401, {"title": "Unauthorized", "detail": "Unauthorized"}, Refused, True),
        (403, {"title": "Forbidden", "detail": "Your client is not enrolled"}, Refused, True),
        (403, {"detail": "no access", "type": "https://x/not-authorized-for-resource"}, Refused, False),
        (400, {"errors": [{"message": "query is odd"}]}, Refused, False),
        (404, "<html>no</html>", Refused, False),
        (402, {"title": "Payment Required"}, CostStopped, None),
        (403, {"title": "UsageCapExceeded", "type": "https://x/problems/usage-capped"}, CostStopped, None),
        (429, {"title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap"}, CostStopped, None),
        (429, {"title": "CreditsDepleted"}, CostStopped, None),
        (429, "Rate limit exceeded", Transient, None),
        (500, "", Transient, None),
        (503, {"title": "Service Unavailable"}, Transient, None),
        (302, "", Transient, None),
        (200, "", Transient, None),
        (200, "[]", Transient, None),
        (200, "{}", Transient, None),
        (200, '{"data": [', Transient, None),
        (500, '["odd"]', Transient, None),
    ],
)
def test_each_answer_has_its_own_error(status, body, error, whole):
    """Whatever X answers, the error says what to do next, in one line without the token."""
    told = Told(body, status, {"location": "https://example.org/"} if status == 302 else {})
    with serving(lambda _asked: told) as x, pytest.raises(error) as caught:
        list(source(x.base_url).pages(window("timeline:501")))

    assert whole == getattr(caught.value, "whole_source", None)
    assert TOKEN not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_token_is_hidden_when_x_repeats_it():
    """A token that X echoes does not reach the message."""
    told = Told({"detail": f"bad header: Bearer {TOKEN}"}, 401)
    with serving(lambda _asked: told) as x, pytest.raises(Refused) as caught:
        list(source(x.base_url).pages(window("timeline:501")))

    assert "bad header" in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("token", ["", " ", "tok\nen", "tokén"])
def test_a_token_that_cannot_be_sent_is_refused_unsent(token):
    """A token with a line break or an accent refuses the source before anything is sent, and is not shown."""
    with serving(FakeX([])) as x, pytest.raises(Refused, match="bearer token") as caught:
        list(source(x.base_url, bearer_token=token).pages(window("timeline:501")))

    assert x.asked == []
    assert not token.strip() or token not in str(caught.value)


def test_a_redirect_never_carries_the_token_to_another_host():
    """A redirect is not followed, so the other host is never spoken to."""
    with serving(lambda _asked: Told({})) as other:
        told = Told("", 302, {"location": other.base_url + "/2/steal"})
        with serving(lambda _asked: told) as x, pytest.raises(Transient):
            list(source(x.base_url).pages(window("timeline:501")))

    assert other.asked == []


def test_the_environment_sends_nothing_elsewhere(monkeypatch):
    """Proxy variables and .netrc have no say in where a token goes."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(FakeX([post()])) as x:
        pages = list(source(x.base_url).pages(window("archive:werk")))

    assert len(ids_of(pages)) == 1


def test_a_usage_cap_is_not_waited_for():
    """Where spending must stop there is no second request."""
    with serving(lambda _asked: Told({"title": "UsageCapExceeded"}, 429)) as x, pytest.raises(CostStopped):
        list(source(x.base_url).pages(window("timeline:501")))

    assert len(x.asked) == 1


def test_a_refusal_is_not_repeated():
    """What a person has to change is asked for once."""
    with serving(lambda _asked: Told({"detail": "no"}, 401)) as x, pytest.raises(Refused):
        list(source(x.base_url).pages(window("timeline:501")))

    assert len(x.asked) == 1


def test_the_reset_of_a_rate_limit_is_kept_to():
    """After a 429 the wait lasts until the announced reset and not much longer."""
    reset = datetime.now(UTC).timestamp() + 300
    fake = FakeX([post()], faults={0: Told("Rate limit exceeded", 429, {"x-rate-limit-reset": str(int(reset))})})
    waits = []
    with serving(fake) as x:
        list(source(x.base_url, waits).pages(window("timeline:501")))

    assert 295 < waits[0] < 302


def test_a_reset_of_a_day_is_passed_on_at_once():
    """A daily limit is not waited for here; the error says how long it will take."""
    told = Told("Rate limit exceeded", 429, {"x-rate-limit-reset": str(datetime.now(UTC).timestamp() + 86400)})
    waits = []
    with serving(lambda _asked: told) as x, pytest.raises(Transient) as caught:
        list(source(x.base_url, waits).pages(window("timeline:501")))

    assert (waits, len(x.asked)) == ([], 1)
    assert caught.value.retry_after > 80000


def test_slows_down_before_x_has_to_refuse():
    """With little of a limit left, the next request waits its share of the time to the reset."""
    reset = str(int(datetime.now(UTC).timestamp() + 90))
    left = {"x-rate-limit-limit": "900", "x-rate-limit-remaining": "8", "x-rate-limit-reset": reset}
    waits = []
    with serving(FakeX(series(20), headers=left)) as x:
        list(source(x.base_url, waits, page_size=10).pages(window("timeline:501")))

    assert len(waits) == 1
    assert 8 < waits[0] < 11


def test_the_archive_is_asked_once_a_second():
    """Full-archive requests keep a second apart whatever their limit says."""
    waits = []
    with serving(FakeX(series(20))) as x:
        list(source(x.base_url, waits, page_size_archive=10).pages(window("archive:werk")))

    assert len(waits) == 1
    assert 0.5 < waits[0] <= 1.0


def test_a_wait_can_be_cancelled():
    """A stop from another thread ends a wait within moments, as something to try again later."""
    stop = threading.Event()
    told = Told("Rate limit exceeded", 429, {"x-rate-limit-reset": str(int(datetime.now(UTC).timestamp() + 600))})
    threading.Timer(0.1, stop.set).start()
    with serving(lambda _asked: told) as x, pytest.raises(Transient, match="stopped"):
        list(source(x.base_url, waiting=Waiting(stop=stop)).pages(window("timeline:501")))


def test_forecast_prices_a_window_without_reading_a_post():
    """The counts endpoint tells posts, requests and dollars before a post is bought."""
    with serving(FakeX(series(250))) as x:
        forecast = source(x.base_url).forecast([window("archive:werk")])

    assert (
        forecast.posts,
        forecast.requests,
        forecast.cost,
        forecast.asked,
        forecast.asked_cost,
    ) == (250, 1, 5.0, 1, 0.01)
    assert x.paths == ["/2/tweets/counts/all"]


def test_forecast_of_a_recent_search_counts_what_it_can_reach():
    """What lies more than seven days back is neither read nor counted, so it costs nothing."""
    now = datetime.now(UTC).replace(microsecond=0)
    with serving(FakeX(series(20, newest=now - timedelta(hours=1), step=timedelta(days=1)))) as x:
        one = source(x.base_url)
        partly = one.forecast([window("search:werk", now - timedelta(days=30), now)])
        lost = one.forecast([window("search:werk", now - timedelta(days=30), now - timedelta(days=20))])

    assert (partly.posts, lost.posts, lost.requests, lost.asked_cost) == (7, 0, 0, 0)
    assert x.paths == ["/2/tweets/counts/recent"]


def test_timelines_over_one_period_are_counted_with_one_request():
    """As many accounts as X's query has room for; another period is another question."""
    now = datetime.now(UTC).replace(microsecond=0)
    night = [window(f"timeline:account_number_{number:04}", now - timedelta(hours=30), now) for number in range(50)]
    new = window("timeline:noor_vdberg_hr", now - timedelta(days=6), now)
    one = source("http://127.0.0.1:9")
    batches = one.countable([*night, new])

    assert [len(batch) for batch in batches] == [18, 18, 14, 1]
    assert [window for batch in batches for window in batch] == [*night, new]
    assert max(len(" OR ".join(f"from:{one.query[9:]}" for one in batch)) for batch in batches) <= 512


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

    assert (found.posts, found.requests, found.cost, found.note) == (2, 2, 0.04, "reposts are not counted")
    assert [(asked.path, asked.query["query"]) for asked in x.asked] == [
        ("/2/tweets/counts/recent", "from:noor_vdberg_hr OR from:502")
    ]


def test_a_list_is_forecast_by_its_cap():
    """X has no counts for a list, so nothing is asked and the figures say what they are."""
    with serving(FakeX([])) as x:
        one = source(x.base_url)
        found, asking = one.forecast([window("list:77")]), one.asking_cost([window("list:77")])

    assert (found.posts, found.requests, found.cost, found.asked, asking) == (800, 8, 16.0, 0, 0.0)
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
        outcomes = source(x.base_url).still_there([*keys, "77", "no id"])

    assert list(outcomes.values()) == ["found", "deleted", "protected", "suspended", "unknown", "unknown"]
    assert len(x.asked) == 1


def test_a_hundred_posts_are_checked_in_one_request():
    """250 ids take three requests."""
    with serving(FakeX(series(250))) as x:
        outcomes = source(x.base_url).still_there([item["id"] for item in series(250)])

    assert (Counter(outcomes.values()), len(x.asked)) == ({"found": 250}, 3)


def test_reads_tell_new_from_repeated():
    """What X gave on the same day already is counted apart, for it is not billed again."""
    with serving(FakeX([post()])) as x:
        one = source(x.base_url)
        reads = [page.reads for _ in range(2) for page in one.pages(window("archive:werk"))]

    assert reads == [(("post", 1), ("user", 1)), (("post repeated", 1), ("user repeated", 1))]


def test_nothing_is_sent_before_the_first_page_is_asked_for():
    """Making a source and planning its windows is free."""
    with serving(FakeX([post()])) as x:
        one = source(x.base_url, queries=["timeline:noor_vdberg_hr"])
        list(one.windows("timeline:noor_vdberg_hr", SINCE, UNTIL))
        one.pages(window("timeline:noor_vdberg_hr"))

    assert x.asked == []


def test_an_unreadable_position_starts_the_window_again():
    """A position of another version costs a second reading but loses nothing."""
    with serving(FakeX(series(3))) as x:
        pages = list(source(x.base_url).pages(window("archive:werk"), "not a position"))

    assert len(ids_of(pages)) == 3


TRANSIENT = ["429", "429-json", "429-noreset", "500", "503", "timeout", "drip", "truncated", "short", "reset", "empty"]
FINAL = {"401": Refused, "403": Refused, "404": Refused, "402": CostStopped}
EVERYTHING = ("archive:*", datetime(2021, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def recorded():
    """Run one replay server for the module, reset before each test that uses it."""
    with replaying() as server:
        yield server


@pytest.fixture(scope="module")
def expected(recorded):
    """Give the ids of all recorded posts of the window, in their order."""
    return ids_of(impatient(recorded.base_url).pages(window(*EVERYTHING)))


@pytest.fixture
def replay(recorded):
    """Give the replay server without faults, deletions and log."""
    recorded.reset()
    return recorded


def impatient(base_url):
    """Make a source whose limits a test can wait for."""
    return source(base_url, page_size_archive=500, timeout=(2.0, 1.2), total_seconds=2.0)


@needs_replay
@pytest.mark.parametrize("skip", [0, 1], ids=["first page", "second page"])
@pytest.mark.parametrize("mode", TRANSIENT)
def test_a_passing_fault_costs_nothing(expected, replay, mode, skip):
    """A fault that hits one request is got over within the page, and every post arrives once."""
    replay.fault("x", mode, skip=skip, seconds=3)

    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))
    assert expected == ids_of(pages)
    assert len(pages) + 1 == len(replay.log())


@needs_replay
@pytest.mark.parametrize("skip", [0, 1], ids=["first page", "second page"])
@pytest.mark.parametrize("mode", ["429-noreset", "503", "truncated", "reset", "empty", *FINAL])
def test_a_lasting_fault_keeps_what_came_before(expected, replay, mode, skip):
    """Under a fault that stays, the pages before it stand, and a later run reads the rest once."""
    replay.fault("x", mode, skip=skip, count=0)
    stored, error = collected(impatient(replay.base_url).pages(window(*EVERYTHING)))
    assert isinstance(error, FINAL.get(mode, Transient))
    assert skip == len(stored)
    replay.fault("x", "none")
    position = stored[-1].position if stored else None
    stored += impatient(replay.base_url).pages(window(*EVERYTHING), position)
    assert expected == ids_of(stored)


@needs_replay
@pytest.mark.parametrize("skip", [0, 1], ids=["first page", "second page"])
def test_a_malformed_item_is_set_aside_with_its_raw_text(expected, replay, skip):
    """One broken item costs itself alone."""
    replay.fault("x", "malformed", skip=skip)
    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))

    rejects = [reject for page in pages for reject in map_page(page, source="x", query="q").rejects]
    assert len(expected) - 1 == len(ids_of(pages))
    assert [json.loads(reject.raw) for reject in rejects] == [{"id": None, "text": None, "created_at": "not a date"}]


@needs_replay
def test_recorded_posts_map_without_a_reject(replay):
    """Every recorded post has an author, a time in UTC and its text."""
    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))
    mapped = [map_page(page, source="x", query="q") for page in pages]

    posts = [item for one in mapped for item in one.posts]
    assert [reject for one in mapped for reject in one.rejects] == []
    assert all(item.author_id and item.text and item.created_at.tzinfo is UTC for item in posts)
    assert {"post", "reply", "repost", "quote"} == {item.kind for item in posts}
    assert not [item for item in posts if item.kind == "repost" and item.text.startswith("RT @") and item.likes]


@needs_replay
def test_no_hidden_requests_and_no_other_credential(replay):
    """One request a page, each with the bearer token and no other."""
    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))

    log = replay.log()
    assert len(pages) == len(log)
    assert {("Bearer", "GET", "/2/tweets/search/all")} == {(one["auth"], one["method"], one["path"]) for one in log}


@needs_replay
def test_a_bad_token_is_refused_with_the_platforms_reason(replay):
    """The replay server refuses the token `bad` as X does."""
    with pytest.raises(Refused, match="401: Unauthorized") as caught:
        list(source(replay.base_url, bearer_token="bad").pages(window(*EVERYTHING)))

    assert caught.value.whole_source


@needs_replay
def test_recorded_accounts_unknown_or_suspended_are_refused_alone(replay):
    """Unknown by id, unknown by name and suspended: each refuses its own query."""
    for query in ("timeline:1", "timeline:nosuchperson", "timeline:45648666"):
        with pytest.raises(Refused) as caught:
            list(source(replay.base_url).pages(window(query)))

        assert not caught.value.whole_source


@needs_replay
def test_deleted_posts_are_found_out(replay):
    """What was deleted since is told apart from what is still there."""
    keys = list(dict.fromkeys(ids_of([next(impatient(replay.base_url).pages(window(*EVERYTHING)))])))[:5]
    replay.delete(keys[0])

    assert ["deleted", *["found"] * 4] == list(source(replay.base_url).still_there(keys).values())
