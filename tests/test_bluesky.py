"""Bluesky through atproto itself, against a small Bluesky on loopback with payloads of our own."""

import base64
import itertools
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from collecting import collected, ids_of, patience, posts_of, rejects_of
from loopback import Told, serving

from connectors.bluesky import BlueskySource
from connectors.bluesky.posts import created
from connectors.bluesky.queries import Query, read_query
from connectors.errors import Refused, Transient
from connectors.items import parsed
from connectors.mapping import map_page
from connectors.source import Page, Window

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEEK = (NOON - timedelta(days=7), NOON + timedelta(seconds=1))
ANNA = "did:plc:annaverzonnen234567abcde"
PASSWORD = "abcd-efgh-ijkl-mnop"


def iso(moment):
    """Write a time as Bluesky does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def jwt():
    """Make a session token as atproto expects it, valid for two hours."""
    claims = {"scope": "com.atproto.access", "sub": ANNA, "iat": int(time.time()), "exp": int(time.time()) + 7200}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "x"}, claims)
    ]
    return ".".join([*parts, "c2ln"])


def view(number, moment=NOON, text="Wij zoeken een planner", **record):
    """Make a post as Bluesky shows it; those with higher numbers are older."""
    moment -= timedelta(minutes=number)
    return {
        "uri": f"at://{ANNA}/app.bsky.feed.post/{number:04}",
        "cid": f"cid{number}",
        "author": {"did": ANNA, "handle": "anna.bsky.example", "displayName": "Anna Verzonnen"},
        "record": {"$type": "app.bsky.feed.post", "createdAt": iso(moment), "text": text, "langs": ["nl"], **record},
        "likeCount": 3,
        "indexedAt": iso(moment + timedelta(seconds=2)),
    }


class FakeBluesky:
    """A Bluesky with one author and a search that ends at `cap`; `tell` overrides single methods."""

    def __init__(self, posts=(), cap=1000, tell=None, inclusive=lambda since, _until: {since}):
        self.posts, self.cap, self.tell, self.inclusive = list(posts), cap, tell or {}, inclusive

    def __call__(self, asked):
        name = asked.path.rsplit(".", 1)[-1]
        if name in self.tell:
            return self.tell[name](asked)
        return getattr(self, name)(asked)

    def createSession(self, asked):  # noqa: N802 - Bluesky's name
        return Told(
            {"did": ANNA, "handle": "anna.bsky.example", "accessJwt": jwt(), "refreshJwt": jwt(), "active": True}
        )

    def getProfiles(self, asked):  # noqa: N802 - same
        return Told({"profiles": [{"did": ANNA, "handle": "anna.bsky.example", "description": "HR-adviseur 🌱"}]})

    def getAuthorFeed(self, asked):  # noqa: N802 - same
        start = int(asked.query.get("cursor", 0))
        return Told(self._paged("feed", [{"post": post} for post in self.posts], start, asked))

    def searchPosts(self, asked):  # noqa: N802 - same
        since, until = (datetime.fromisoformat(asked.query[name]) for name in ("since", "until"))
        times = [(post, datetime.fromisoformat(post["record"]["createdAt"])) for post in self.posts]
        within = [post for post, time in times if since < time < until or time in self.inclusive(since, until)]
        return Told(self._paged("posts", within[: self.cap], int(asked.query.get("cursor", 0)), asked))

    @staticmethod
    def _paged(name, pool, start, asked):
        end = start + int(asked.query["limit"])
        return {name: pool[start:end]} | ({"cursor": str(end)} if end < len(pool) else {})


def source(base_url, **options):
    """Make a source with an account that notes its pauses instead of making them."""
    return BlueskySource(
        **{
            "handle": "anna.bsky.example",
            "app_password": PASSWORD,
            "base_url": base_url,
            "waiting": patience(),
            **options,
        }
    )


def window(query, since=WEEK[0], until=WEEK[1]):
    """Return a window of the source under test."""
    return Window("bluesky", query, since, until)


def page(document, format_="bluesky/feed"):
    """Make a stored page."""
    return Page(format=format_, payload=json.dumps(document), fetched_at=NOON, end="complete")


def test_an_authors_feed_is_read_without_logging_in_and_with_bios():
    """Two pages, one request for the bio, no account used."""
    with serving(FakeBluesky([view(number) for number in range(15)])) as bluesky:
        pages = list(source(bluesky.base_url, page_size=10).pages(window("author:anna.bsky.example")))
    assert [post.bio for post in posts_of(pages)] == ["HR-adviseur 🌱"] * 15
    assert [path.rsplit(".", 1)[-1] for path in bluesky.paths] == ["getAuthorFeed", "getProfiles", "getAuthorFeed"]
    assert not [request for request in bluesky.asked if "authorization" in request.headers]


def test_a_feed_is_left_once_it_is_older_than_the_window():
    """Of 300 posts only the pages down to the window's beginning are asked for."""
    posts = [view(number * 30) for number in range(300)]
    since = NOON - timedelta(hours=24)
    with serving(FakeBluesky(posts)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=20).pages(window("author:anna.bsky.example", since)))
    assert pages[-1].end == "complete"
    assert len(pages) == 3
    assert min(post.created_at for post in posts_of(pages)) < since


def test_one_forged_time_does_not_end_a_feed():
    """A single post dated in the past hides none of those after it."""
    posts = [view(number) for number in range(30)]
    posts[9]["record"]["createdAt"] = "2011-01-01T00:00:00Z"
    with serving(FakeBluesky(posts)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=10).pages(window("author:anna.bsky.example")))
    assert len(ids_of(pages)) == 30


def test_a_search_beyond_its_cap_is_sliced_and_complete():
    """A search that shows 50 posts at most still finds all 170, each once."""
    posts = [view(number) for number in range(170)]
    with serving(FakeBluesky(posts, cap=50)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=20, cap=50).pages(window("search:planner")))
    assert sorted(set(ids_of(pages))) == sorted(post["uri"] for post in posts)
    assert pages[-1].end == "complete"
    assert len(ids_of(pages)) < 200


def test_the_cap_of_a_search_is_10000_posts():
    """By Bluesky's own figure, in pages of a hundred: more than a search shows are all found."""
    posts = [
        view(number, NOON + timedelta(minutes=number) - timedelta(seconds=30 * number)) for number in range(10_300)
    ]
    posts = [post | {"uri": f"at://{ANNA}/app.bsky.feed.post/{number:05}"} for number, post in enumerate(posts)]
    with serving(FakeBluesky(posts, cap=10_000)) as bluesky:
        pages = list(source(bluesky.base_url).pages(window("search:planner")))
    assert set(ids_of(pages)) == {post["uri"] for post in posts}
    assert pages[-1].end == "complete"
    assert len([path for path in bluesky.paths if path.endswith("searchPosts")]) < 110


BOUNDS = {
    "as documented": lambda since, until: {since},
    "both in": lambda since, until: {since, until},
    "neither": lambda since, until: set(),
    "the end alone": lambda since, until: {until},
}


@pytest.mark.parametrize("inclusive", BOUNDS.values(), ids=BOUNDS)
def test_no_post_falls_between_two_windows_or_two_slices(inclusive):
    """Whether a server counts `since` and `until` in or out, the bounds and all within them are found."""
    posts = [view(number) for number in range(60)]
    middle = NOON - timedelta(minutes=30)  # the very time of a post
    bounds = [NOON - timedelta(minutes=59), middle, NOON + timedelta(seconds=1)]
    with serving(FakeBluesky(posts, cap=20, inclusive=inclusive)) as bluesky:
        one = source(bluesky.base_url, page_size=10, cap=20)
        pages = [list(one.pages(window("search:planner", *bounds[at : at + 2]))) for at in (0, 1)]

    assert [found[-1].end for found in pages] == ["complete", "complete"]
    for at, found in enumerate(pages):
        inside = {post["uri"] for post in posts if bounds[at] <= created(post) < bounds[at + 1]}
        assert inside <= set(ids_of(found))


def test_posts_of_one_moment_at_the_end_of_a_slice_are_all_found():
    """A search cut between two posts of the same whole second goes on with that second."""
    times = [NOON - timedelta(minutes=number) for number in range(19)]
    posts = [view(0, moment) for moment in [*times, *[NOON - timedelta(minutes=20)] * 5, NOON - timedelta(minutes=30)]]
    posts = [post | {"uri": f"at://{ANNA}/app.bsky.feed.post/{number:04}"} for number, post in enumerate(posts)]
    with serving(FakeBluesky(posts, cap=20)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=10, cap=20).pages(window("search:planner")))

    assert set(ids_of(pages)) == {post["uri"] for post in posts}


def test_a_forged_time_makes_no_hole_in_a_sliced_search():
    """A post dated years back at the end of a slice does not send the search there."""
    posts = [view(number) for number in range(120)]
    forged = view(49) | {"indexedAt": "2011-01-01T00:00:00Z"}
    with serving(FakeBluesky([*posts[:49], forged, *posts[50:]], cap=50)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=25, cap=50).pages(window("search:planner")))
    assert set(ids_of(pages)) == {post["uri"] for post in posts}


def test_more_posts_in_one_second_than_a_search_can_show_is_capped():
    """A window that cannot be sliced any further says how far it reached."""
    same = [view(0) | {"uri": f"at://{ANNA}/app.bsky.feed.post/{number}"} for number in range(80)]
    with serving(FakeBluesky(same, cap=50)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=25, cap=50).pages(window("search:planner")))
    assert pages[-1].end == "capped"
    assert pages[-1].reached == NOON


def test_a_search_resumed_in_a_later_slice_goes_on_there():
    """Killed between any two pages, a sliced search loses nothing."""
    posts = [view(number) for number in range(120)]
    with serving(FakeBluesky(posts, cap=50)) as bluesky:
        options = {"page_size": 25, "cap": 50}
        pages = list(source(bluesky.base_url, **options).pages(window("search:planner")))
        for stop in range(1, len(pages)):
            rest = list(source(bluesky.base_url, **options).pages(window("search:planner"), pages[stop - 1].position))
            assert set(ids_of(pages[:stop]) + ids_of(rest)) == {post["uri"] for post in posts}


def test_one_login_serves_all_searches_and_the_password_goes_nowhere_else():
    """The app password is in one request's body; later ones carry the session."""
    with serving(FakeBluesky([view(1)])) as bluesky:
        one = source(bluesky.base_url)
        for words in ("planner", "vacature"):
            list(one.pages(window(f"search:{words}")))
    assert [path.rsplit(".", 1)[-1] for path in bluesky.paths].count("createSession") == 1
    assert not [request for request in bluesky.asked if PASSWORD in str(request.headers) + str(request.query)]


def test_a_refused_login_is_asked_for_once_and_leaves_feeds_alone():
    """Search is refused with Bluesky's reason, without the password; the author's feed is still read."""
    refused = Told({"error": "AuthenticationRequired", "message": f"Invalid password {PASSWORD}"}, status=401)
    with serving(FakeBluesky([view(1)], tell={"createSession": lambda _: refused})) as bluesky:
        one = source(bluesky.base_url)
        for _ in range(2):
            stored, error = collected(one.pages(window("search:planner")))
            assert (stored, type(error), error.whole_source) == ([], Refused, False)
            assert "Invalid password" in str(error)
            assert PASSWORD not in str(error)
        assert len(ids_of(one.pages(window("author:anna.bsky.example")))) == 1
    assert [path.rsplit(".", 1)[-1] for path in bluesky.paths].count("createSession") == 1


def test_a_search_without_an_account_says_what_to_set():
    """No request is sent for it."""
    with serving(FakeBluesky([view(1)])) as bluesky, pytest.raises(Refused, match="app_password"):
        list(source(bluesky.base_url, app_password=None).pages(window("search:planner")))
    assert bluesky.asked == []


def test_an_expired_session_is_renewed_once():
    """After ExpiredToken one new login, and the page arrives."""
    answers = [Told({"error": "ExpiredToken", "message": "Token has expired"}, status=400)]
    fake = FakeBluesky([view(1)])
    fake.tell["searchPosts"] = lambda asked: answers.pop() if answers else FakeBluesky.searchPosts(fake, asked)
    with serving(fake) as bluesky:
        pages = list(source(bluesky.base_url).pages(window("search:planner")))
    assert len(ids_of(pages)) == 1
    assert [path.rsplit(".", 1)[-1] for path in bluesky.paths].count("createSession") == 2


def test_a_login_does_not_move_a_loopback_source_elsewhere():
    """A server named in the login's answer gets no request when the base URL is this machine."""
    service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer"}
    with serving(lambda _: Told({})) as stranger:
        document = {"id": ANNA, "service": [service | {"serviceEndpoint": stranger.base_url}]}
        fake = FakeBluesky([view(1)])
        session = {**fake.createSession(None).body, "didDoc": document}
        fake.tell["createSession"] = lambda _: Told(session)
        with serving(fake) as bluesky:
            assert len(ids_of(source(bluesky.base_url).pages(window("search:planner")))) == 1
    assert stranger.asked == []


def test_a_redirect_is_not_followed():
    """A credential or question is never carried to another host."""
    with serving(lambda _: Told({})) as stranger:
        moved = Told("", status=302, headers={"location": f"{stranger.base_url}/xrpc/x"})
        with serving(FakeBluesky(tell={"getAuthorFeed": lambda _: moved})) as bluesky, pytest.raises(Refused):
            list(source(bluesky.base_url).pages(window("author:anna.bsky.example")))
    assert stranger.asked == []


def test_an_unknown_author_refuses_its_query_alone():
    """The reason is Bluesky's own."""
    unknown = Told({"error": "InvalidRequest", "message": "Profile not found"}, status=400)
    with (
        serving(FakeBluesky(tell={"getAuthorFeed": lambda _: unknown})) as bluesky,
        pytest.raises(Refused, match="Profile not found") as caught,
    ):
        list(source(bluesky.base_url).pages(window("author:weg.bsky.example")))
    assert not caught.value.whole_source


def test_a_lost_cursor_starts_the_feed_again():
    """A position that Bluesky no longer knows costs a second reading but loses nothing."""
    fake = FakeBluesky([view(number) for number in range(5)])
    bad = Told({"error": "InvalidRequest", "message": "Malformed cursor"}, status=400)
    fake.tell["getAuthorFeed"] = lambda asked: (
        bad if "cursor" in asked.query else FakeBluesky.getAuthorFeed(fake, asked)
    )
    with serving(fake) as bluesky:
        pages = list(source(bluesky.base_url).pages(window("author:anna.bsky.example"), '{"cursor": "old"}'))
    assert len(ids_of(pages)) == 5


def test_a_feed_that_loses_every_cursor_is_read_twice_and_no_more():
    """It knows no times to go on by, so its window ends as capped, with how far it was read."""
    fake = FakeBluesky([view(number) for number in range(30)])
    bad = Told({"error": "InvalidRequest", "message": "Malformed cursor"}, status=400)
    fake.tell["getAuthorFeed"] = lambda asked: (
        bad if "cursor" in asked.query else FakeBluesky.getAuthorFeed(fake, asked)
    )
    with serving(fake) as bluesky:
        one = source(bluesky.base_url, page_size=10)
        pages = list(itertools.islice(one.pages(window("author:anna.bsky.example")), 9))
        (rest,) = one.pages(window("author:anna.bsky.example"), pages[1].position)
    assert [page.end for page in pages] == ["more", "more", "capped"]
    assert (pages[-1].reached, rest.reached) == (NOON - timedelta(minutes=5),) * 2  # the newest of the last five
    assert ids_of(pages) == [view(number)["uri"] for number in range(10)] * 2


def test_a_search_that_loses_every_cursor_goes_on_by_time():
    """Neither its slice nor what was read of it is lost, and it is complete."""
    posts = [view(number) for number in range(30)]
    fake = FakeBluesky(posts)
    bad = Told({"error": "InvalidRequest", "message": "Malformed cursor"}, status=400)
    fake.tell["searchPosts"] = lambda asked: bad if "cursor" in asked.query else FakeBluesky.searchPosts(fake, asked)
    with serving(fake) as bluesky:
        pages = list(itertools.islice(source(bluesky.base_url, page_size=10).pages(window("search:planner")), 30))
    assert pages[-1].end == "complete"
    assert set(ids_of(pages)) == {post["uri"] for post in posts}
    untils = [asked.query["until"] for asked in bluesky.asked if "until" in asked.query and "cursor" not in asked.query]
    assert untils == sorted(set(untils), reverse=True)


@pytest.mark.parametrize(("query", "name"), [("author:anna.bsky.example", "feed"), ("search:planner", "posts")])
def test_a_cursor_that_leads_to_itself_ends(query, name):
    """Without a new post nothing more is to be had, and nothing is called complete."""
    method = "getAuthorFeed" if name == "feed" else "searchPosts"
    fake = FakeBluesky(tell={method: lambda _: Told({name: [], "cursor": "same"})})
    with serving(fake) as bluesky:
        pages = list(itertools.islice(source(bluesky.base_url).pages(window(query)), 9))
    assert (len(pages), pages[-1].end, pages[-1].reached) == (4, "capped", WEEK[1])


def test_an_answer_without_its_feed_is_no_empty_success():
    """200 with an object of another kind is tried again and then named."""
    with (
        serving(FakeBluesky(tell={"getAuthorFeed": lambda _: Told({"ok": True})})) as bluesky,
        pytest.raises(Transient, match="no feed"),
    ):
        list(source(bluesky.base_url).pages(window("author:anna.bsky.example")))


def test_a_profile_that_cannot_be_had_costs_no_post():
    """Without bios the page arrives all the same."""
    refused = Told({"error": "InvalidRequest", "message": "no"}, status=400)
    with serving(FakeBluesky([view(1)], tell={"getProfiles": lambda _: refused})) as bluesky:
        (post,) = posts_of(source(bluesky.base_url).pages(window("author:anna.bsky.example")))
    assert post.bio is None


def test_a_profile_that_was_refused_once_is_asked_for_again():
    """A refusal says nothing about the authors, so it is not remembered as theirs."""
    fake = FakeBluesky([view(number) for number in range(15)])
    refusals = [Told({"error": "Forbidden", "message": "no"}, status=403)]
    fake.tell["getProfiles"] = lambda asked: refusals.pop() if refusals else FakeBluesky.getProfiles(fake, asked)
    with serving(fake) as bluesky:
        pages = list(source(bluesky.base_url, page_size=10).pages(window("author:anna.bsky.example")))
    assert [post.bio for post in posts_of(pages)] == [None] * 10 + ["HR-adviseur 🌱"] * 5


def test_a_check_that_is_refused_says_so():
    """No author can be found there, so it is not told as authors that are missing."""
    refused = Told({"error": "Forbidden", "message": "not from here"}, status=403)
    with serving(FakeBluesky(tell={"getProfiles": lambda _: refused})) as bluesky:
        one = source(bluesky.base_url, queries=["author:anna.bsky.example"], handle=None)
        with pytest.raises(Refused, match="not from here"):
            one.check()


def test_doctor_gets_a_line_or_a_reason():
    """The check logs in and counts the authors found."""
    with serving(FakeBluesky()) as bluesky:
        one = source(bluesky.base_url, queries=["author:anna.bsky.example", "author:weg.bsky.example", "search:hr"])
        assert one.check() == "logged in, 1 of 2 authors found"


def test_a_protected_post_is_told_from_a_deleted_one():
    """An account that asks not to be shown counts as protected; a broken answer proves nothing."""
    hidden = view(1)
    hidden["author"]["labels"] = [{"val": "!no-unauthenticated"}]
    ids = [hidden["uri"], view(2)["uri"], view(3)["uri"]]
    for posts, missing in (([hidden, view(2)], "deleted"), ([hidden, view(2), {"uri": 5}], "unknown")):
        with serving(lambda _, posts=posts: Told({"posts": posts})) as bluesky:
            assert list(source(bluesky.base_url).still_there(ids).values()) == ["protected", "found", missing]


def test_a_look_at_a_post_has_its_counts():
    """As the mapping reads them; of a repost, those of the original."""
    repost = f"{view(1)['uri']}#reposted-by=did:plc:bram"
    with serving(lambda _: Told({"posts": [view(1)]})) as bluesky:
        looks = source(bluesky.base_url).look_again([view(1)["uri"], repost, view(2)["uri"]])

    assert [(look.presence, look.counts and look.counts.likes) for look in looks.values()] == [
        ("found", 3),
        ("found", 3),
        ("deleted", None),
    ]


def test_kinds_parents_and_times_are_told():
    """Reply, quote (also beside a picture), repost and a list that is no quote."""
    parent = {"uri": f"at://{ANNA}/app.bsky.feed.post/1", "cid": "c"}
    beside = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": parent}}
    list_ = {"$type": "app.bsky.embed.record", "record": {"uri": f"at://{ANNA}/app.bsky.graph.list/1"}}
    by = {"did": "did:plc:bas", "handle": "bas.bsky.example"}
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": by, "indexedAt": iso(NOON + timedelta(hours=5))}
    items = [
        {"post": view(1, reply={"parent": parent, "root": parent})},
        {"post": view(2, embed={"$type": "app.bsky.embed.record", "record": parent})},
        {"post": view(3, embed=beside)},
        {"post": view(4, embed=list_)},
        {"post": view(5, text="Ons nieuwe rooster"), "reason": reason},
    ]
    posts = map_page(page({"feed": items}), source="bluesky", query="q").posts
    assert [post.kind for post in posts] == ["reply", "quote", "quote", "post", "repost"]
    assert [post.parent_id for post in posts[:4]] == [parent["uri"]] * 3 + [None]
    repost = posts[4]
    assert (repost.handle, repost.text, repost.created_at) == (
        "bas.bsky.example",
        "Ons nieuwe rooster",
        NOON + timedelta(hours=5),
    )
    assert (repost.parent_id, repost.post_id) == (view(5)["uri"], view(5)["uri"] + "#reposted-by=did:plc:bas")


def test_the_earlier_of_two_times_counts_and_one_is_enough():
    """A time from the future, or none at all, gives way to the server's."""
    future, none = view(0), view(1)
    future["record"]["createdAt"] = "2031-01-01T00:00:00Z"
    none["record"]["createdAt"] = "gisteren"
    posts = map_page(page({"posts": [future, none]}, "bluesky/posts"), source="b", query="q").posts
    assert [post.created_at for post in posts] == [NOON + timedelta(seconds=2), NOON - timedelta(seconds=58)]


def test_what_is_no_post_is_set_aside_and_who_hides_is_left_out():
    """Broken items are rejects with their raw text; a hidden account's posts are nothing at all."""
    hidden = view(3)
    hidden["author"]["labels"] = [{"val": "!no-unauthenticated"}]
    other = view(4)
    other["record"]["$type"] = "app.bsky.graph.block"
    items = [view(1), {"uri": 5}, None, hidden, other, {**view(6), "author": None}]
    mapped = map_page(page({"posts": items}, "bluesky/posts"), source="b", query="q")
    assert [post.post_id for post in mapped.posts] == [view(1)["uri"]]
    assert [reject.item for reject in mapped.rejects] == [1, 2, 4, 5]


@pytest.mark.parametrize("payload", ["", "[]", "<html>", '{"feed": 3}', '{"page": []}', '{"page": {"feed": nul'])
def test_a_page_that_cannot_be_read_is_one_reject(payload):
    """Whatever was stored, mapping it never raises."""
    stored = Page(format="bluesky/feed", payload=payload, fetched_at=NOON, end="complete")
    assert len(rejects_of([stored])) == 1


def test_the_page_is_stored_as_it_came():
    """The feed's own text is in the payload, byte for byte."""
    text = json.dumps({"feed": [{"post": view(1)}]}, indent=3)
    with serving(FakeBluesky(tell={"getAuthorFeed": lambda _: Told(text)})) as bluesky:
        (one,) = source(bluesky.base_url).pages(window("author:anna.bsky.example"))
    assert text in one.payload
    assert parsed(one.payload)["profiles"]["profiles"][0]["did"] == ANNA


def test_queries_are_read_or_refused_in_one_line():
    """Handles lose their @ and capitals; a did stays."""
    assert read_query("author:@Anna.bsky.Social") == Query("author", "anna.bsky.social")
    assert read_query("author:did:plc:ABCdef") == Query("author", "did:plc:ABCdef")
    assert read_query("search: #hr werk ") == Query("search", "#hr werk")
    for bad in ("", "author:", "author:anna", "search: ", "zoek:hr", "author:anna.bsky.social/x"):
        with pytest.raises(ValueError, match="bluesky query") as caught:
            BlueskySource(queries=[bad])
        assert "\n" not in str(caught.value)


def test_nothing_is_planned_beyond_now_and_nothing_sent_before_a_page_is_wanted():
    """A window ends at the present; making a source is free."""
    with serving(FakeBluesky()) as bluesky:
        one = source(bluesky.base_url)
        (planned,) = one.windows("search:hr", WEEK[0], datetime(2999, 1, 1, tzinfo=UTC))
        one.pages(planned)
    assert planned.until <= datetime.now(UTC)
    assert bluesky.asked == []
