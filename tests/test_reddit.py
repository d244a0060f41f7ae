"""Reddit through praw itself, against a small Reddit on loopback."""

import threading
from datetime import timedelta

import pytest
from collecting import ids_of, presences
from fake_reddit import NOON, TOKEN, FakeReddit, comment, series, submission
from loopback import Told, serving
from reddit_source import SECRET, SINCE, UNTIL, source, window

from connectors.errors import CostStopped, Refused, SourceError, Transient
from connectors.reddit.source import RedditSource
from connectors.waiting import Waiting


def names_of(things):
    """Return the full names of these things."""
    return [thing["data"]["name"] for thing in things]


def test_a_short_listing_is_read_to_its_end():
    """A listing that ends below the cap is complete."""
    with serving(FakeReddit(series(25), size=10)) as reddit:
        pages = list(source(reddit.base_url).pages(window()))

    assert names_of(series(25)) == ids_of(pages)
    assert [page.end for page in pages] == ["more", "more", "complete"]


def test_reading_stops_where_the_window_begins():
    """The first page that passes the window's beginning is the last one asked for."""
    with serving(FakeReddit(series(100), size=10)) as reddit:
        pages = list(source(reddit.base_url).pages(window(since=NOON - timedelta(hours=14))))

    assert [page.end for page in pages] == ["more", "complete"]


def test_a_listing_cut_at_the_cap_is_capped_at_what_was_reached():
    """A listing that ends after about 1,000 items before the window began is never complete."""
    things = series(1200)
    with serving(FakeReddit(things)) as reddit:
        pages = list(source(reddit.base_url).pages(window()))

    assert (pages[-1].end, len(pages)) == ("capped", 10)
    assert things[999]["data"]["created_utc"] == pages[-1].reached.timestamp()


def test_a_capped_listing_that_passed_the_beginning_is_complete():
    """The cap does not matter once the window's beginning was passed."""
    with serving(FakeReddit(series(1200))) as reddit:
        pages = list(source(reddit.base_url).pages(window(since=NOON - timedelta(hours=998))))

    assert "complete" in {page.end for page in pages}
    assert "capped" not in {page.end for page in pages}


def test_a_cap_reached_across_two_runs_is_still_the_cap():
    """The items read before a crash count towards the cap."""
    with serving(FakeReddit(series(1200))) as reddit:
        stored = []
        for page in source(reddit.base_url).pages(window()):
            stored.append(page)
            if len(stored) == 6:
                break
        stored += source(reddit.base_url).pages(window(), stored[-1].position)

    assert stored[-1].end == "capped"
    assert names_of(series(1000)) == ids_of(stored)


def test_killed_between_two_pages_nothing_is_lost_or_read_twice():
    """A second process that goes on from the stored position reads the rest and only the rest."""
    with serving(FakeReddit(series(35), size=10)) as reddit:
        first = next(source(reddit.base_url).pages(window()))
        rest = list(source(reddit.base_url).pages(window(), first.position))

    assert names_of(series(35)) == ids_of([first, *rest])


def test_one_request_a_page_and_one_for_the_token():
    """Praw sends nothing of its own: no update check, no item fetched for a missing attribute."""
    with serving(FakeReddit(series(25), size=10)) as reddit:
        ids_of(source(reddit.base_url).pages(window()))

    assert ["/api/v1/access_token", *["/r/werkplein/new"] * 3] == reddit.paths
    assert sorted({asked.headers["authorization"].split()[0] for asked in reddit.asked}) == ["Basic", "bearer"]


@pytest.mark.parametrize(
    ("query", "path", "params"),
    [
        ("r/werkplein/comments", "/r/werkplein/comments", {}),
        ("user:saskia_hrm", "/user/saskia_hrm/overview", {"sort": "new"}),
        ("search:hr dag@werkplein", "/r/werkplein/search", {"q": "hr dag", "restrict_sr": "1", "sort": "new"}),
        ("search:hr dag", "/r/all/search", {"q": "hr dag", "restrict_sr": "0"}),
    ],
)
def test_each_query_has_its_listing(query, path, params):
    """Comments, users and searches are listings of their own."""
    with serving(FakeReddit([comment(), submission()])) as reddit:
        list(source(reddit.base_url).pages(window(query)))

    asked = reddit.asked[-1]
    assert (path, "100", "1") == (asked.path, asked.query["limit"], asked.query["raw_json"])
    assert params.items() <= asked.query.items()


def test_a_deleted_anchor_is_stepped_over():
    """When the last item read was deleted, Reddit gives nothing; the one before it leads on."""
    things = series(30)
    with serving(FakeReddit(things, size=10)) as reddit:
        first = next(source(reddit.base_url).pages(window()))
    left = [thing for thing in things if thing["data"]["name"] != things[9]["data"]["name"]]
    with serving(FakeReddit(left, size=10)) as reddit:
        rest = list(source(reddit.base_url).pages(window(), first.position))

    assert set(names_of(things)) == set(ids_of([first, *rest]))
    assert rest[-1].end == "complete"


def test_all_anchors_deleted_begins_again_once():
    """With every anchor gone the listing is read from its top, and still nothing is lost."""
    things = series(30)
    with serving(FakeReddit(things, size=10)) as reddit:
        first = next(source(reddit.base_url).pages(window()))
    with serving(FakeReddit(things[:7] + things[10:], size=10)) as reddit:
        rest = list(source(reddit.base_url).pages(window(), first.position))

    assert set(names_of(things)) == set(ids_of([first, *rest]))


def test_an_empty_subreddit_is_suspicious():
    """An empty first page of a subreddit is no result: it is asked for again, then left for later."""
    with serving(FakeReddit([])) as reddit, pytest.raises(Transient, match="empty"):
        list(source(reddit.base_url).pages(window()))

    assert len(reddit.asked) == 3


def test_an_empty_page_given_by_mistake_costs_nothing():
    """A subreddit that is empty once and full a moment later is read."""
    empty = Told({"kind": "Listing", "data": {"children": [], "after": None}})
    with serving(FakeReddit(series(3), faults={0: empty})) as reddit:
        pages = list(source(reddit.base_url).pages(window()))

    assert len(ids_of(pages)) == 3


def test_an_empty_search_is_complete():
    """Nothing found is a result for a search, after a second look."""
    with serving(FakeReddit([])) as reddit:
        pages = list(source(reddit.base_url).pages(window("search:niets@werkplein")))

    assert [page.end for page in pages] == ["complete"]


def test_search_is_not_ended_by_one_old_hit():
    """Search is not reliably in order, so an old item at the end of a page ends nothing."""
    things = series(30)
    things[9]["data"]["created_utc"] = (SINCE - timedelta(days=9)).timestamp()
    with serving(FakeReddit(things, size=10)) as reddit:
        pages = list(source(reddit.base_url).pages(window("search:verzuim@werkplein")))

    assert len(pages) == 3


def test_deleted_and_removed_items_are_no_posts():
    """What its author deleted or others removed is not taken up again."""
    things = [
        submission(1, selftext="[removed]", removed_by_category="moderator"),
        submission(2, selftext="[deleted]", author="[deleted]"),
        comment(3, body="[removed]"),
        submission(4),
    ]
    with serving(FakeReddit(things)) as reddit:
        pages = list(source(reddit.base_url).pages(window()))

    assert [things[3]["data"]["name"]] == ids_of(pages)


@pytest.mark.parametrize(
    ("status", "body", "error", "whole"),
    [
        (403, {"reason": "private", "message": "Forbidden", "error": 403}, Refused, False),
        (403, {"message": "Forbidden", "error": 403}, Refused, False),
        (403, "<html>blocked</html>", Refused, True),
        (404, {"reason": "banned", "message": "Not Found", "error": 404}, Refused, False),
        (302, "{}", Refused, False),
        (451, {"message": "gone"}, Refused, False),
        (402, "", CostStopped, None),
        (401, {"message": "Unauthorized"}, Refused, True),
        (429, {"message": "Too Many Requests"}, Transient, None),
        (500, "", Transient, None),
        (503, "", Transient, None),
        (520, "", Transient, None),
        (200, "", Transient, None),
        (200, '{"kind": "Listing", "da', Transient, None),
        (200, '{"kind": "t5", "data": {}}', Transient, None),
        (200, "<html>", Transient, None),
    ],
)
def test_each_answer_has_its_own_error(status, body, error, whole):
    """Whatever Reddit answers, the error says what to do next, in one line without a secret."""
    told = Told(body, status, {"location": "https://example.org/"} if status == 302 else {})
    faults = dict.fromkeys(range(20), told)
    with serving(FakeReddit([], faults=faults)) as reddit, pytest.raises(error) as caught:
        list(source(reddit.base_url).pages(window()))

    assert whole == getattr(caught.value, "whole_source", None)
    assert not {SECRET, TOKEN} & set(str(caught.value).split())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("told", "error", "words"),
    [
        (Told({"error": "invalid_grant", "error_description": "wrong secret"}), Refused, "wrong secret"),
        (Told({"message": "Unauthorized", "error": 401}, 401), Refused, "401: Unauthorized"),
        (Told({"access_token": "x"}), Transient, "lacks the token"),
        (Told("<html>"), Transient, "no JSON"),
        (Told("", 503), Transient, "503"),
        (Told("", 402), CostStopped, "402"),
        (Told("", 429, {"retry-after": "9"}), Transient, "429"),
        (Told("", 302, {"location": "https://example.org/"}), Transient, "302"),
    ],
)
def test_a_refused_token_says_why(told, error, words):
    """The token endpoint's refusals are told from its mishaps."""
    with serving(FakeReddit([], token=told)) as reddit, pytest.raises(error, match=words) as caught:
        list(source(reddit.base_url).pages(window()))

    assert SECRET not in str(caught.value)


def test_check_tries_the_credentials_and_reads_no_item():
    """For `doctor`: one token, one request with it; a refusal has Reddit's reason."""
    with serving(FakeReddit([])) as reddit:
        assert "accepted" in source(reddit.base_url).check()
    assert reddit.paths == ["/api/v1/access_token", "/api/v1/scopes"]

    wrong = Told({"message": "Unauthorized", "error": 401}, 401)
    with serving(FakeReddit([], token=wrong)) as reddit, pytest.raises(Refused, match="401: Unauthorized"):
        source(reddit.base_url).check()


def test_a_token_that_expired_is_renewed_once():
    """A 401 in the middle costs one new token and no page."""
    with serving(FakeReddit(series(25), size=10, faults={1: Told({"message": "Unauthorized"}, 401)})) as reddit:
        pages = list(source(reddit.base_url).pages(window()))

    assert len(ids_of(pages)) == 25
    assert reddit.paths.count("/api/v1/access_token") == 2


def test_a_redirect_never_carries_the_token_to_another_host():
    """A redirect is not followed, neither with the token nor with the secret."""
    with serving(lambda _asked: Told({})) as other:
        away = Told("", 307, {"location": other.base_url})
        for fake in (FakeReddit([], faults={0: away}), FakeReddit([], token=away)):
            with serving(fake) as reddit, pytest.raises(SourceError):
                list(source(reddit.base_url).pages(window()))

    assert other.asked == []


def test_the_environment_sends_nothing_elsewhere(monkeypatch):
    """Proxy variables have no say, and praw takes no user name from the environment."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("praw_username", "somebody")
    monkeypatch.setenv("praw_password", "something")
    monkeypatch.setenv("praw_refresh_token", "something")
    with serving(FakeReddit(series(3))) as reddit:
        list(source(reddit.base_url).pages(window()))

    assert reddit.asked[0].form["grant_type"] == "client_credentials"


def test_the_wish_to_come_back_later_is_kept_to():
    """After a 429 the wait lasts as long as Reddit asks, and praw itself does not wait."""
    waits = []
    fault = Told({"message": "Too Many Requests"}, 429, {"retry-after": "240"})
    with serving(FakeReddit(series(3), faults={0: fault})) as reddit:
        list(source(reddit.base_url, waits).pages(window()))

    assert len(waits) == 1
    assert 240 <= waits[0] <= 241


def test_slows_down_before_reddit_has_to_refuse():
    """With little of a limit left, our own pace waits, and praw has nothing left to wait for."""
    waits = []
    headers = {"x-ratelimit-remaining": "1.0", "x-ratelimit-used": "999", "x-ratelimit-reset": "590"}
    with serving(FakeReddit(series(20), size=10, headers=headers)) as reddit:
        list(source(reddit.base_url, waits).pages(window()))

    assert len(waits) == 1
    assert 290 < waits[0] < 300


def test_a_wait_can_be_cancelled():
    """A stop from another thread ends a wait within moments, as something to try again later."""
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    fault = Told("", 429, {"retry-after": "600"})
    with serving(FakeReddit([], faults={0: fault})) as reddit, pytest.raises(Transient, match="stopped"):
        list(source(reddit.base_url, waiting=Waiting(stop=stop)).pages(window()))


def test_each_stored_item_gets_one_outcome():
    """Found, deleted by the author, removed by others, account gone, and never heard of."""
    things = [
        submission(1),
        comment(2, body="[deleted]", author="[deleted]"),
        submission(3, selftext="[removed]", removed_by_category="moderator"),
        comment(4, author="[deleted]"),
    ]
    with serving(FakeReddit(things)) as reddit:
        outcomes = presences(source(reddit.base_url).look_again([*names_of(things), "t1_nergens", "geen naam"]))

    assert list(outcomes.values()) == ["found", "deleted", "deleted", "deleted", "unknown", "unknown"]
    assert len(reddit.asked) == 2


def test_a_secret_that_cannot_be_sent_is_refused_unsent():
    """A secret with an accent refuses the source before anything is sent."""
    with serving(FakeReddit([])) as reddit:
        one = RedditSource(client_id="id", client_secret="gehéim", user_agent="a test agent", base_url=reddit.base_url)
        with pytest.raises(Refused, match="credential") as caught:
            list(one.pages(window()))

    assert caught.value.whole_source
    assert reddit.asked == []


def test_nothing_is_sent_before_the_first_page_is_asked_for():
    """Making a source and planning its windows needs no network."""
    with serving(FakeReddit([])) as reddit:
        one = source(reddit.base_url, queries=["r/werkplein/new"])
        assert [window()] == list(one.windows("r/werkplein/new", SINCE, UNTIL))
        one.pages(window())

    assert reddit.asked == []


def test_the_secret_goes_to_reddits_website_unless_the_base_is_loopback():
    """A base URL on loopback gives tokens too; another one does not."""
    near, far = source("http://127.0.0.1:9"), source("https://proxy.example.org")

    assert (near._api._token_url, far._api._token_url) == ("http://127.0.0.1:9", "https://www.reddit.com")
