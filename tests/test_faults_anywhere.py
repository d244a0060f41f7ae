"""Every source through its real client over loopback, with payloads of our own: each fault on any page."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import fake_bluesky as bluesky
import fake_mastodon as mastodon
import fake_reddit
import fake_x
import pytest
import test_feeds as feeds
from collecting import IMPATIENT, collected, ids_of, rejects_of
from loopback import Told, serving
from reddit_source import SECRET
from stocked import KEY, PSEUDONYM

from connectors.bluesky.source import BlueskySource
from connectors.errors import CostStopped, Refused, Transient
from connectors.feeds.source import FeedsSource
from connectors.mastodon.source import MastodonSource
from connectors.reddit.source import RedditSource
from connectors.source import Source, Window
from connectors.waiting import Waiting
from connectors.x.source import XSource
from flows.collect import Collecting, collect_window
from flows.steps import load
from warehouse.vault import open_vault

BROKEN = {"id": None, "uri": 5, "kind": "t3", "data": {"kapot": "zo"}, "text": None, "kapot": "zo"}


@dataclass(frozen=True)
class Case:
    """One way of collecting: its source, platform and query, the part of the address by which pages are asked for.

    `items` leads to a page's list of items, `before` names what is asked for before the first page.
    """

    make: Callable[..., Source]
    platform: Callable[[], Callable[..., Told]]
    query: str
    part: str
    items: Callable[[Any], list[Any]]
    before: str = ""
    pages: int = 2

    def window(self, base_url: str) -> Window:
        """Return a window that all posts lie in; a feed is named by its address."""
        since, until = fake_x.NOON - timedelta(days=30), fake_x.NOON + timedelta(hours=1)
        return Window("s", base_url + self.query if self.query.startswith("/") else self.query, since, until)

    def source(self, base_url: str, attempts: int = 2) -> Source:
        """Make a source that tries so often, does not wait and gives up soon."""
        waiting = Waiting(attempts=attempts, sleep=lambda _seconds: False)
        return self.make(base_url=base_url, waiting=waiting, **IMPATIENT)


def x(**options):
    """Make X."""
    return XSource(bearer_token="token-of-noor", page_size=10, **options)


def reddit(**options):
    """Make Reddit."""
    return RedditSource(client_id="id", client_secret=SECRET, user_agent="a test agent", **options)


def bluesky_(**options):
    """Make Bluesky with an account."""
    account = {"handle": "anna.bsky.example", "app_password": bluesky.PASSWORD}
    return BlueskySource(page_size=10, **account, **options)


def mastodon_(base_url, **options):
    """Make Mastodon with one server."""
    return MastodonSource(instances={"here": base_url}, tokens={"here": "t"}, page_size=10, **options)


def feeds_(base_url, **options):
    """Make a source of one feed."""
    return FeedsSource(urls=[f"{base_url}/feed.xml"], **options)


def an_x():
    """X with fifteen posts."""
    return fake_x.FakeX(fake_x.series(15))


def a_reddit():
    """Reddit with fifteen submissions, ten a page."""
    return fake_reddit.FakeReddit(fake_reddit.series(15), size=10)


def a_bluesky():
    """Bluesky with fifteen posts, eight days before the end of the window."""
    return bluesky.FakeBluesky([bluesky.view(number) for number in range(15)])


def a_mastodon():
    """A server with fifteen statuses, which says when there are no more."""
    server = mastodon.FakeMastodon([mastodon.status(number) for number in range(15)])

    def answer(asked):
        told = server(asked)
        return replace(told, headers={}) if isinstance(told.body, list) and len(told.body) < 10 else told

    return answer


def a_blog():
    """A blog with one entry."""
    return lambda _asked: Told(feeds.rss(feeds.ENTRY), headers={"content-type": "application/rss+xml"})


def data(document):
    """Return X's items."""
    return document["data"]


CASES = {
    "X timeline": Case(x, an_x, "timeline:noor_vdberg_hr", "/users/501/tweets", data, before="/users/by"),
    "X list": Case(x, an_x, "list:7", "/lists/7/tweets", data),
    "X archive": Case(x, an_x, "archive:werk", "/tweets/search/all", data),
    "Reddit": Case(
        reddit, a_reddit, "r/werkplein/new", "/new", lambda document: document["data"]["children"], "access_token"
    ),
    "Bluesky feed": Case(
        bluesky_, a_bluesky, "author:anna.bsky.example", "getAuthorFeed", lambda document: document["feed"]
    ),
    "Bluesky search": Case(
        bluesky_, a_bluesky, "search:planner", "searchPosts", lambda document: document["posts"], "createSession"
    ),
    "Mastodon tag": Case(mastodon_, a_mastodon, "tag:hr@here", "/timelines/tag", lambda document: document),
    "Mastodon account": Case(
        mastodon_, a_mastodon, "account:noor@here", "/statuses", lambda document: document, "/accounts/lookup"
    ),
    "feed": Case(feeds_, a_blog, "/feed.xml", "/feed.xml", lambda document: document, pages=1),
}
PAGES = [(name, page) for name, case in CASES.items() for page in range(case.pages)]


def cut(told):
    """Cut an answer at two thirds of its text."""
    text = told.body if isinstance(told.body, str) else json.dumps(told.body)
    return replace(told, body=text[: len(text) * 2 // 3])


TITLED = {"title": "Fault", "detail": "a fault", "error": "Fault", "message": "a fault"}
RESET = {"x-rate-limit-reset": "1", "x-ratelimit-reset": "1", "ratelimit-reset": "1", "retry-after": "1"}
PASSING = {
    "429": Told(TITLED, 429, RESET),
    "429 in words": Told("Rate limit exceeded", 429, RESET | {"content-type": "text/plain"}),
    "429 in HTML": Told("<html><body>slower</body></html>", 429, {"content-type": "text/html", "retry-after": "1"}),
    "429 without reset": Told(TITLED, 429),
    "408": Told(TITLED, 408),
    "500": Told(TITLED, 500),
    "502 in HTML": Told("<html><body>Bad Gateway</body></html>", 502, {"content-type": "text/html"}),
    "503": Told(TITLED, 503),
    "empty": Told(""),
    "cut": cut,
    "late": Told("{}", how="late"),
    "drip": Told("{}" + " " * 400, how="drip"),
    "short": Told("{}", how="short"),
    "reset": Told(how="reset"),
}
SLOW = {"late", "drip"}
"""Each takes as long as patience lasts, and only the client decides on it: one page of each will do."""
ONE_A_CLIENT = {("X list", 1), ("Reddit", 1), ("Bluesky feed", 1), ("Mastodon tag", 1), ("feed", 0)}
FINAL = {
    "401": (Told(TITLED, 401), Refused),
    "402": (Told(TITLED, 402), CostStopped),
    "403": (Told(TITLED, 403), Refused),
    "404": (Told(TITLED, 404), Refused),
}
CAPPED = {
    status: Told({"title": "UsageCapExceeded", "detail": "Usage cap exceeded", "type": "x/usage-capped"}, status)
    for status in (402, 403, 429)
}


def on_pages(*faults):
    """Name every way of collecting, page and fault that go together."""
    return [(*page, fault) for page in PAGES for fault in faults if fault not in SLOW or page in ONE_A_CLIENT]


def under(case, told, first, *, times=1):
    """Answer as the platform does, but for `times` requests for pages, from number `first` on."""
    platform, numbers = case.platform(), iter(range(1000))

    def answer(asked):
        if case.part in asked.path and first <= next(numbers) < first + times:
            return told(platform(asked)) if callable(told) else told
        return platform(asked)

    return answer


@pytest.fixture(scope="module")
def quiet():
    """Return the ids that each way of collecting finds without a fault, and the requests that takes."""
    found = {}
    for name, case in CASES.items():
        with serving(case.platform()) as server:
            pages = list(case.source(server.base_url).pages(case.window(server.base_url)))
        found[name] = [key.replace(server.base_url, "") for key in ids_of(pages)], len(server.asked)
        assert len(found[name][0]) == (1 if name == "feed" else 15)
    return found


def without(base_url, pages):
    """Return the ids on these pages; those of a feed lose its address."""
    return [key.replace(base_url, "") for key in ids_of(pages)]


@pytest.mark.parametrize(("name", "page", "fault"), on_pages(*PASSING))
def test_a_passing_fault_costs_one_request_and_nothing_else(quiet, name, page, fault):
    """On the first page or the second: every post arrives once, and the failed request alone is repeated."""
    case, (expected, requests) = CASES[name], quiet[name]
    with serving(under(case, PASSING[fault], page)) as server:
        pages = list(case.source(server.base_url).pages(case.window(server.base_url)))

    assert without(server.base_url, pages) == expected
    assert len(server.asked) == requests + 1


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.before])
@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_before_the_first_page_costs_nothing(quiet, name, fault):
    """Tokens, logins and the looking up of names are given the same patience."""
    case = CASES[name]
    before = replace(case, part=case.before)
    with serving(under(before, PASSING[fault], 0)) as server:
        pages = list(case.source(server.base_url).pages(case.window(server.base_url)))

    assert without(server.base_url, pages) == quiet[name][0]


@pytest.mark.parametrize(("name", "page", "fault"), on_pages(*PASSING, *FINAL))
def test_a_lasting_fault_keeps_what_came_before_it(quiet, name, page, fault):
    """It is named for what to do next, and another process reads the rest, once."""
    case = CASES[name]
    told, kind = FINAL.get(fault) or (PASSING[fault], Transient)
    lasting = [True]
    ill, well = under(case, told, page, times=1000), case.platform()

    def answer(asked):
        return (ill if lasting else well)(asked)

    with serving(answer) as server:
        window = case.window(server.base_url)
        stored, error = collected(case.source(server.base_url, attempts=1).pages(window))
        lasting.clear()
        position = stored[-1].position if stored else None
        rest = list(case.source(server.base_url).pages(window, position))

    assert isinstance(error, kind), error
    assert len(stored) == page
    assert without(server.base_url, [*stored, *rest]) == quiet[name][0]


@pytest.mark.parametrize(("name", "page"), [one for one in PAGES if one[0].startswith("X")])
@pytest.mark.parametrize("status", CAPPED)
def test_a_spent_cap_of_x_is_not_waited_for(quiet, name, page, status):
    """402, 403 or 429 with that body stops the spending: no second request, and the rest is read later."""
    case = CASES[name]
    with serving(under(case, CAPPED[status], page)) as server:
        window = case.window(server.base_url)
        stored, error = collected(case.source(server.base_url).pages(window))
        asked = len(server.asked)
        rest = list(case.source(server.base_url).pages(window, stored[-1].position if stored else None))

    assert isinstance(error, CostStopped), error
    assert (len(stored), asked) == (page, page + 1 + bool(case.before))
    assert without(server.base_url, [*stored, *rest]) == quiet[name][0]


@pytest.mark.parametrize(("name", "page"), [one for one in PAGES if one[0] != "feed"])
def test_a_malformed_item_is_quarantined_with_its_raw_text(quiet, tmp_path, name, page):
    """It costs no neighbour and no request: in the vault stand all others, and beside them the item as it came."""
    case, (expected, requests) = CASES[name], quiet[name]

    def broken(told):
        case.items(told.body).insert(1, BROKEN)
        return told

    with serving(under(case, broken, page)) as server, open_vault(tmp_path / "vault.duckdb", KEY) as con:
        source, window = case.source(server.base_url), case.window(server.base_url)
        collected = collect_window(Collecting(con, "r1", {"s": source}, lambda _window: None), window)
        load.fn(con, PSEUDONYM)
        ids = {key for (key,) in con.execute("select post_id from posts").fetchall()}
        [(raw,)] = con.execute("select raw from rejects").fetchall()

    assert collected.state == "complete"
    assert ids == set(expected)
    assert json.loads(raw) in (BROKEN, {"post": BROKEN})
    assert len(server.asked) == requests


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.pages > 1])
def test_killed_between_two_pages_another_process_reads_the_rest(quiet, name):
    """No post is lost or read twice, and no page asked for twice."""
    case, (expected, requests) = CASES[name], quiet[name]
    with serving(case.platform()) as server:
        window = case.window(server.base_url)
        first = next(case.source(server.base_url).pages(window))
        rest = list(case.source(server.base_url).pages(window, first.position))

    assert without(server.base_url, [first, *rest]) == expected
    assert rejects_of([first, *rest]) == []
    assert len([path for path in server.paths if case.part in path]) == 2
    assert len(server.asked) <= requests + 2  # a login and an author's bio are this process's own


REQUESTS = {
    "X timeline": ["/2/users/by", *["/2/users/501/tweets"] * 2],
    "X list": ["/2/lists/7/tweets"] * 2,
    "X archive": ["/2/tweets/search/all"] * 2,
    "Reddit": ["/api/v1/access_token", *["/r/werkplein/new"] * 2],
    "Bluesky feed": ["getAuthorFeed", "getProfiles", "getAuthorFeed"],
    "Bluesky search": ["createSession", "searchPosts", "getProfiles", "searchPosts"],
    "Mastodon tag": ["/api/v1/timelines/tag/hr"] * 2,
    "Mastodon account": ["/api/v1/accounts/lookup", *["/api/v1/accounts/7/statuses"] * 2],
    "feed": ["/feed.xml"],
}


@pytest.mark.parametrize("name", CASES)
def test_there_are_no_hidden_requests(name):
    """The request log holds the pages, what has to come before them, Bluesky's bios, and nothing else."""
    case = CASES[name]
    with serving(case.platform()) as server:
        list(case.source(server.base_url).pages(case.window(server.base_url)))

    assert [
        path.rsplit("/xrpc/app.bsky.", 1)[-1].rsplit(".", 1)[-1] if "xrpc" in path else path for path in server.paths
    ] == REQUESTS[name]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed_to_another_host(name, status):
    """Whatever a page or what comes before it says, the other host gets no request, and so no credential."""
    case = CASES[name]
    with serving(lambda _asked: Told({})) as stranger:
        moved = Told("", status, {"location": f"{stranger.base_url}/steal"})
        for part in filter(None, (case.part, case.before)):
            with serving(under(replace(case, part=part), moved, 0, times=1000)) as server:
                stored, error = collected(case.source(server.base_url).pages(case.window(server.base_url)))
            assert stored == []
            assert isinstance(error, Refused | Transient)
    assert stranger.asked == []
