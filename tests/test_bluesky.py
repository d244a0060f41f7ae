"""Bluesky through atproto itself, against a small Bluesky on loopback with payloads of our own."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from collecting import collected, ids_of, posts_of, presences, rejects_of
from fake_bluesky import ANNA, NOON, PASSWORD, WEEK, FakeBluesky, iso, page, source, view, window
from loopback import Told, serving

from connectors.bluesky.queries import Query, read_query
from connectors.bluesky.source import BlueskySource
from connectors.errors import Refused, Transient
from connectors.items import parsed
from connectors.mapping import map_page
from connectors.source import Page


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
            assert list(presences(source(bluesky.base_url).look_again(ids)).values()) == ["protected", "found", missing]


def test_labels_that_are_no_list_end_no_sweep():
    """They say of nobody that they hide, and the others of the answer are told of."""
    odd = view(1)
    odd["author"]["labels"] = 5
    with serving(lambda _: Told({"posts": [odd, view(2)]})) as bluesky:
        found = presences(source(bluesky.base_url).look_again([odd["uri"], view(2)["uri"], view(3)["uri"]]))

    assert list(found.values()) == ["found", "found", "deleted"]


def test_a_look_at_a_post_has_its_counts():
    """As the mapping reads them; of a repost, those of the original. Without reposts no account is asked about."""
    repost = f"{view(1)['uri']}#reposted-by={ANNA}"
    with serving(FakeBluesky(tell={"getPosts": lambda _: Told({"posts": [view(1)]})})) as bluesky:
        looks = source(bluesky.base_url).look_again([view(1)["uri"], repost, view(2)["uri"]])
        asked = len(bluesky.asked)
        source(bluesky.base_url).look_again([view(1)["uri"], view(2)["uri"]])

    assert [(look.presence, look.counts and look.counts.likes) for look in looks.values()] == [
        ("found", 3),
        ("found", 3),
        ("deleted", None),
    ]
    assert (asked, len(bluesky.asked)) == (2, 3)


@pytest.mark.parametrize(
    "strange",
    [
        "at:///app.bsky.feed.post/1",
        f"at://{ANNA}/app.bsky.feed.post/",
        f"at://{ANNA}/app.bsky.feed.post/a b",
        f"at://{ANNA}/app.bsky.feed.post/1/2",
        f"at://{ANNA}/app.bsky.feed.post/..",
        f"at://anna/{ANNA}/app.bsky.feed.post/1",
        f"at://{'a.' * 200}example/app.bsky.feed.post/1",
        "at://did:plc:/app.bsky.feed.post/1",
        "https://bsky.app/app.bsky.feed.post/1",
    ],
)
def test_what_is_no_uri_is_unknown_and_costs_nobody_a_look(strange):
    """Bluesky refuses a whole request over one uri that it cannot read: that one is not asked about."""

    def answer(asked):
        return Told({"error": "InvalidRequest"}, 400) if strange in asked.lists["uris"] else Told({"posts": [view(1)]})

    named = "at://anna.bsky.example/app.bsky.feed.post/0001"
    with serving(answer) as bluesky:
        looks = source(bluesky.base_url).look_again([strange, view(1)["uri"], named])

    assert [look.presence for look in looks.values()] == ["unknown", "found", "deleted"]
    assert bluesky.asked[0].lists["uris"] == [view(1)["uri"], named]


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


def test_a_handle_that_leads_back_to_nobody_is_no_name():
    """Bluesky writes one word for all of them: whoever posts or reposts has no handle then."""
    nobody = {"did": "did:plc:bas", "handle": "handle.invalid"}
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": nobody, "indexedAt": iso(NOON)}
    items = [{"post": view(1) | {"author": nobody}}, {"post": view(2), "reason": reason}]
    posts = map_page(page({"feed": items}), source="bluesky", query="q").posts
    assert [(post.author_id, post.handle) for post in posts] == [("did:plc:bas", None)] * 2


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
