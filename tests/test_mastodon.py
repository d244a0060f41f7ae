"""Mastodon through Mastodon.py itself, against small servers on loopback with payloads of our own."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from collecting import collected, ids_of, posts_of, presences, rejects_of
from fake_mastodon import NOON, FakeMastodon, status
from loopback import Told, serving
from mastodon_source import SINCE, source, window

from connectors.errors import Refused, Transient
from connectors.mapping import map_page
from connectors.mastodon.queries import Query, read_query
from connectors.mastodon.source import MastodonSource
from connectors.source import Page

TOKEN = "token-of-noor"


def mapped(*items):
    """Map one stored page."""
    return map_page(Page("mastodon/statuses", json.dumps(items), NOON, "complete"), source="mastodon", query="q")


def test_a_hashtag_is_read_down_to_the_window_and_no_further():
    """The link to the next page is taken for its id alone, so no request goes where it leads."""
    statuses = [status(60 * hours) for hours in range(1, 400)]
    with serving(FakeMastodon(statuses)) as server:
        pages = list(source(server.base_url).pages(window("tag:hr@hr.example")))
    assert pages[-1].end == "complete"
    assert len(pages) == len(server.asked) == 5
    assert set(server.paths) == {"/api/v1/timelines/tag/hr"}
    assert min(post.created_at for post in posts_of(pages)) < SINCE


@pytest.mark.parametrize(("late", "read"), [(1, 12), (4, 12), (5, 6)])
def test_a_few_late_statuses_end_no_timeline(late, read):
    """A timeline goes by when the server got to know of a status; its author may date it long ago, or it came late."""
    old = {"created_at": (NOON - timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    statuses = [status(minutes, **(old if 6 - late < minutes <= 6 else {})) for minutes in range(1, 13)]
    with serving(FakeMastodon(statuses)) as server:
        pages = list(source(server.base_url, page_size=6).pages(window("tag:hr@hr.example")))

    assert (len(ids_of(pages)), pages[-1].end) == (read, "complete")


def test_an_old_window_is_not_read_from_now():
    """The first request of a backfill begins at the window's end."""
    statuses = [status(60 * hours) for hours in range(1, 400)]
    until = NOON - timedelta(days=10)
    with serving(FakeMastodon(statuses)) as server:
        pages = list(source(server.base_url).pages(window("tag:hr@hr.example", until - timedelta(hours=5), until)))
    assert max(post.created_at for post in posts_of(pages)) == until - timedelta(hours=1)
    assert len(server.asked) == 1


def test_a_page_that_names_itself_as_the_next_one_is_capped():
    """Nothing shows that the timeline ended there, so it is not complete, and it is not asked for again."""
    last = status(60)
    told = Told([last], headers={"link": f'<https://x.example/?max_id={last["id"]}>; rel="next"'})
    with serving(FakeMastodon(tell={"/timelines": told})) as server:
        pages = list(source(server.base_url).pages(window("tag:hr@hr.example")))
    assert [page.end for page in pages] == ["more", "capped"]
    assert pages[-1].reached == NOON - timedelta(minutes=60)
    assert len(server.asked) == 2


def test_a_resumed_account_is_not_looked_up_again():
    """The position holds the account's id; between any two pages nothing is lost or read twice."""
    with serving(FakeMastodon([status(minutes) for minutes in range(1, 60)])) as server:
        pages = list(source(server.base_url, page_size=20).pages(window("account:noor@hr.example")))
        assert server.paths.count("/api/v1/accounts/lookup") == 1
        rest = list(source(server.base_url, page_size=20).pages(window("account:noor@hr.example"), pages[0].position))
    assert server.paths.count("/api/v1/accounts/lookup") == 1
    assert len(set(ids_of(pages))) == 59
    assert ids_of(pages[:1]) + ids_of(rest) == ids_of(pages)


def test_the_same_post_seen_on_two_servers_has_one_key():
    """A post's uri is its key wherever it is seen, and its author is named in full."""
    local, far = status(1), status(1)
    far["account"] |= {"acct": "noor@hr.example"}
    far["id"] = "5"
    with serving(FakeMastodon([local])) as here, serving(FakeMastodon([far])) as there:
        both = source("", instances={"hr.example": here.base_url, "work.example": there.base_url})
        posts = [posts_of(both.pages(window(f"tag:hr@{name}"))) for name in ("hr.example", "work.example")]
    assert posts[0][0].post_id == posts[1][0].post_id
    assert {post[0].handle for post in posts} == {"noor@hr.example"}


def test_each_server_gets_its_own_token_and_no_other():
    """A token is sent to the server it was set for, and the other one gets none."""
    with serving(FakeMastodon([status(1)])) as here, serving(FakeMastodon([status(1)])) as there:
        both = source("", instances={"a": here.base_url, "b": there.base_url}, tokens={"a": TOKEN})
        for name in ("a", "b"):
            list(both.pages(window(f"tag:hr@{name}")))
        assert both.check() == "a as ons, b open"
    assert {request.headers.get("authorization") for request in here.asked} == {f"Bearer {TOKEN}"}
    assert {request.headers.get("authorization") for request in there.asked} == {None}


def test_a_server_that_refuses_the_token_is_asked_once_and_alone():
    """The other server goes on; the reason is the platform's own, without the token."""
    refused = Told({"error": f"The access token {TOKEN} is invalid"}, status=401)
    with serving(FakeMastodon(tell={"/api": refused})) as here, serving(FakeMastodon([status(1)])) as there:
        both = source("", instances={"a": here.base_url, "b": there.base_url}, tokens={"a": TOKEN})
        for tag in ("hr", "werk"):
            stored, error = collected(both.pages(window(f"tag:{tag}@a")))
            assert (stored, type(error).__mro__[1], error.whole_source) == ([], Refused, False)
            assert "is invalid" in str(error)
            assert TOKEN not in str(error)
        assert len(ids_of(both.pages(window("tag:hr@b")))) == 1
    assert len(here.asked) == 1


def test_without_a_token_a_closed_hashtag_leaves_the_accounts_open():
    """There is no token to refuse: a server that asks for a login at its hashtags still shows its accounts."""
    closed = Told({"error": "This method requires an authenticated user"}, status=401)
    with serving(FakeMastodon([status(1)], tell={"/timelines": closed})) as server:
        one = source(server.base_url)
        for _ in range(2):
            with pytest.raises(Refused, match="requires an authenticated user"):
                list(one.pages(window("tag:hr@hr.example")))
            assert len(ids_of(one.pages(window("account:noor@hr.example")))) == 1


def test_a_redirect_is_not_followed():
    """A token is never carried to another host."""
    with serving(lambda _: Told([])) as stranger:
        moved = Told("", status=301, headers={"location": f"{stranger.base_url}/"})
        with serving(FakeMastodon(tell={"/timelines": moved})) as server:
            _, error = collected(
                source(server.base_url, tokens={"hr.example": TOKEN}).pages(window("tag:hr@hr.example"))
            )
    assert isinstance(error, Refused)
    assert stranger.asked == []


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=30)])
def test_an_empty_timeline_is_told_from_a_closed_one(ago):
    """A server that keeps its hashtags to itself answers with an empty list; it is refused and not complete."""
    access = {
        "configuration": {"timelines_access": {"hashtag_feeds": {"local": "authenticated", "remote": "disabled"}}}
    }
    until = datetime.now(UTC) - ago
    wanted = window("tag:hr@hr.example", until - timedelta(days=1), until)
    with serving(FakeMastodon(tell={"/instance": Told(access)})) as server:
        with pytest.raises(Refused, match="closed"):
            list(source(server.base_url).pages(wanted))
        (page,) = source(server.base_url, tokens={"hr.example": TOKEN}).pages(wanted)
    assert page.end == "complete"
    with serving(FakeMastodon()) as server:
        (page,) = source(server.base_url).pages(wanted)
    assert page.end == "complete"


def test_an_answer_that_is_no_list_is_no_empty_success():
    """An object instead of a timeline is named."""
    with (
        serving(FakeMastodon(tell={"/timelines": Told({"ok": 1})})) as server,
        pytest.raises(Transient, match="no list"),
    ):
        list(source(server.base_url).pages(window("tag:hr@hr.example")))


def test_an_html_error_page_is_one_clear_line():
    """A gateway's page comes out as its status, without the HTML."""
    page = Told("<html><h1>Bad gateway</h1></html>", status=502)
    with serving(FakeMastodon(tell={"/timelines": page})) as server:
        _, error = collected(source(server.base_url).pages(window("tag:hr@hr.example")))
    assert str(error) == "hr.example answered 502: no reason given"


def test_html_becomes_text_and_the_bio_too():
    """Tags are gone, entities resolved, hashtags and links whole."""
    link = (
        '<p>Lees &amp; deel<br />nu: <a href="https://voorbeeld.example/werk"><span class="invisible">https://</span>'
    )
    link += '<span class="ellipsis">voorbeeld.example/we</span><span class="invisible">rk</span></a></p><p>#hr</p>'
    (post,) = mapped(status(1, content=link)).posts
    assert post.text == "Lees & deel\nnu: https://voorbeeld.example/werk\n\n#hr"
    assert post.bio == "HR-adviseur & imker\nin het westen"
    assert (post.likes, post.reposts, post.replies, post.quotes) == (4, 1, 2, None)


def test_kinds_are_told_and_a_repost_has_the_originals_text():
    """Reply, quote and repost name what they belong to."""
    original = status(9, content="<p>Origineel</p>", favourites_count=50)
    quote = {"state": "accepted", "quoted_status": original}
    posts = mapped(
        status(1, in_reply_to_id="12"),
        status(2, quote=quote),
        status(3, reblog=original, content="", favourites_count=0),
    ).posts
    assert [post.kind for post in posts] == ["reply", "quote", "repost"]
    assert [post.parent_id for post in posts] == ["12", original["uri"], original["uri"]]
    assert (posts[2].text, posts[2].likes) == ("Origineel", 50)
    assert posts[2].post_id != original["uri"]


@pytest.mark.parametrize(
    "visibility", ["private", "direct", "mutuals_only", "list", "local", "limited", "mutual", "nieuw"]
)
def test_what_is_not_public_is_no_post(visibility):
    """Whatever a token may see, and whatever a server calls it: what only some may see is left out, reposted too."""
    hidden = status(1, visibility=visibility)
    result = mapped(hidden, status(2, reblog=hidden), status(3, visibility="unlisted"), status(4))

    assert [post.created_at for post in result.posts] == [NOON - timedelta(minutes=minutes) for minutes in (3, 4)]
    assert result.rejects == ()


@pytest.mark.parametrize("visibility", ["", None, 3])
def test_what_does_not_say_who_may_see_it_is_set_aside(visibility):
    """It may be public or not: it is no post, and a server that says nothing of any status is noticed."""
    silent = status(1, visibility=visibility)
    missing = {name: value for name, value in silent.items() if name != "visibility"}
    result = mapped(silent, missing, status(2, reblog=missing), status(3))

    assert [post.created_at for post in result.posts] == [NOON - timedelta(minutes=3)]
    assert [reject.item for reject in result.rejects] == [0, 1, 2]


def test_a_look_at_a_status_has_its_counts():
    """As the mapping reads them; one that is gone, or not public any more, has none."""
    there, gone, hidden = (f"https://hr.example/users/noor/statuses/{number}" for number in (1, 2, 3))
    told = {
        "/1": Told(status(1)),
        "/2": Told({"error": "Record not found"}, 404),
        "/3": Told(status(3, visibility="private")),
    }
    with serving(FakeMastodon(tell={f"statuses{end}": answer for end, answer in told.items()})) as server:
        looks = list(source(server.base_url).look_again([there, gone, hidden]).values())

    assert (looks[0].presence, looks[0].counts.likes, looks[0].counts.replies) == ("found", 4, 2)
    assert [(look.presence, look.counts) for look in looks[1:]] == [("deleted", None), ("found", None)]


@pytest.mark.parametrize(
    ("answer", "presence"),
    [
        (Told({"error": "Record not found"}, 404), "deleted"),
        (Told({"error": "Gone"}, 410), "deleted"),
        (Told("<!DOCTYPE html><html><title>Just a moment...</title></html>", 403), "unknown"),
        (Told({"error": "This action is outside the authorized scopes"}, 403), "unknown"),
        (Told({"error": "The access token is invalid"}, 401), "unknown"),
    ],
)
def test_only_a_server_that_has_no_such_status_says_that_it_is_gone(answer, presence):
    """What may not be seen is not found; a 403 is a ban, a challenge or a token's scope, and tells of no status."""
    uris = [f"https://hr.example/users/noor/statuses/{number}" for number in (1, 2)]
    with serving(FakeMastodon(tell={"/api/v1/statuses/": answer})) as server:
        there = presences(source(server.base_url).look_again(uris))

    assert there == dict.fromkeys(uris, presence)


def test_a_status_that_its_server_stumbles_over_keeps_no_other_from_being_asked():
    """It is unknown, and asked about again when due; a server that answers none, or three in a row not, is ill."""
    uris = [f"https://hr.example/users/noor/statuses/{number}" for number in range(1, 7)]
    tell = {f"statuses/{number}": Told("", 503) for number in (1, 4, 5, 6)} | {"statuses": Told({})}
    with serving(FakeMastodon(tell=tell)) as server:
        looks = presences(source(server.base_url).look_again(uris[:5]))
        for ill in (uris, uris[3:], uris[4:5]):
            with pytest.raises(Transient, match="answered 503"):
                source(server.base_url).look_again(ill)

    assert list(looks) == uris[:5]
    assert list(looks.values()) == ["unknown", "found", "found", "unknown", "unknown"]


@pytest.mark.parametrize("html", ["<p>Werk <![ x</p>", "<p>Werk <![foo[ x</p>"])
def test_markup_that_opens_nothing_costs_nobody_a_post(html):
    """Python's parser raises over it: in a text or a bio it is passed over, and the page's other statuses stand."""
    odd = status(1, content=html)
    odd["account"] |= {"note": html}

    result = mapped(odd, status(2))

    assert ([result.posts[0].text, result.posts[0].bio], len(result.posts)) == (["Werk", "Werk"], 2)


def test_what_is_no_address_is_unknown():
    """A hostile server names its statuses as it likes; nobody is asked, and no sweep ends."""
    strange = ["https://[x/statuses/1", "https://", "", "/statuses/1"]

    looks = source("http://127.0.0.1:9").look_again(strange)
    assert {uri: look.presence for uri, look in looks.items()} == dict.fromkeys(strange, "unknown")


def test_malformed_statuses_are_set_aside():
    """Mastodon.py passes them on; the mapping does not."""
    result = mapped({"id": "1", "created_at": "not a date", "account": None}, None, 3, status(1), status(2, uri=None))
    assert len(result.posts) == 1
    assert [reject.item for reject in result.rejects] == [0, 1, 2, 4]


@pytest.mark.parametrize("payload", ["", "{}", "<html>", "[{", "3"])
def test_a_page_that_cannot_be_read_is_one_reject(payload):
    """Whatever was stored, mapping it never raises."""
    assert len(rejects_of([Page("mastodon/statuses", payload, NOON, "complete")])) == 1


def test_queries_are_read_or_refused_in_one_line():
    """An account of another server is named in full before the server that is asked."""
    assert read_query("tag:#hr@mastodon.example") == Query("tag", "hr", "mastodon.example")
    assert read_query("account:@anna@far.example@near") == Query("account", "anna@far.example", "near")
    bad = ["", "tag:hr", "tag:@x", "tag:two words@a", "account:@a", "list:3@a", "tag:hr@nowhere", "account:a/b@a"]
    for query in bad:
        with pytest.raises(ValueError, match="mastodon query") as caught:
            MastodonSource(instances={"a": "https://a.example"}, queries=[query])
        assert "\n" not in str(caught.value)


def test_settings_that_contradict_each_other_are_refused():
    """A token for an unknown server and a server in the clear are named."""
    with pytest.raises(ValueError, match="'b'"):
        MastodonSource(instances={"a": "https://a.example"}, tokens={"b": TOKEN})
    with pytest.raises(ValueError, match="in the clear"):
        MastodonSource(instances={"a": "http://a.example"})
