"""Feeds through feedparser, against a small web server on loopback with feeds of our own."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from collecting import collected, patience, posts_of, rejects_of
from loopback import Told, serving
from stocked import KEY

from connectors.errors import Refused, Transient
from connectors.feeds.source import FeedsSource, checked_url
from connectors.mapping import map_page
from connectors.source import Page, Window
from flows.plans import nightly_windows
from flows.settings import Nightly
from warehouse import ledger
from warehouse.vault import open_vault

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENTRY = """<item><guid isPermaLink="false">12</guid><title>Werk &amp; privé</title>
<link>https://blog.example/12</link><pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate>
<description>&lt;p&gt;Wij stoppen met &lt;b&gt;flexplekken&lt;/b&gt;.&lt;/p&gt;</description></item>"""


def rss(*items, title="Het HR-blog"):
    """Make an RSS feed."""
    head = f"<title>{title}</title><link>https://blog.example/</link><description>Over werk</description>"
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel>{head}<language>nl-NL</language>'
        f"{''.join(items)}</channel></rss>"
    )


def source(*urls, **options):
    """Make a source that notes its pauses instead of making them."""
    return FeedsSource(urls=urls, **{"waiting": patience(), **options})


def window(url, since=NOON - timedelta(hours=2)):
    """Return a window of the source under test."""
    return Window("feeds", url, since, NOON)


def mapped(text, url="https://blog.example/feed"):
    """Map one stored feed."""
    payload = json.dumps({"url": url, "text": text})
    return map_page(Page("feed/entries", payload, NOON, "complete"), source="feeds", query=url)


def test_a_blog_is_an_author():
    """An entry is a post of its blog: the feed's title is the name and its description the bio."""
    (post,) = mapped(rss(ENTRY)).posts
    assert (post.author_id, post.handle) == ("https://blog.example/feed", "blog.example")
    assert (post.display_name, post.bio, post.language_hint) == ("Het HR-blog", "Over werk", "nl")
    assert post.text == "Werk & privé\n\nWij stoppen met flexplekken."
    assert post.created_at == NOON - timedelta(hours=5)
    assert (post.post_id, post.url) == ("https://blog.example/feed#12", "https://blog.example/12")


def test_atom_content_is_preferred_and_an_update_is_an_edit():
    """The whole text is taken, not the summary; a tag: id is a key by itself."""
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl"><title>Blog</title><id>x</id>
    <entry><id>tag:blog.example,2026:1</id><title type="html">A &amp;amp; B</title><summary>kort</summary>
    <published>2026-03-01T10:00:00Z</published><updated>2026-03-01T11:00:00Z</updated>
    <content type="html">&lt;p&gt;lang&lt;/p&gt;</content><link href="javascript:alert(1)"/></entry></feed>"""
    (post,) = mapped(atom).posts
    assert (post.text, post.post_id, post.url) == ("A & B\n\nlang", "tag:blog.example,2026:1", None)
    assert post.edited_at == datetime(2026, 3, 1, 11, tzinfo=UTC)


def test_an_entry_without_date_or_key_is_set_aside():
    """A post needs a time; the rest of the feed stands."""
    no_date = "<item><guid>https://blog.example/1</guid><title>Oud</title><pubDate>gisteren</pubDate></item>"
    no_key = "<item><title>Leeg</title><pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate></item>"
    result = mapped(rss(no_date, ENTRY, no_key))
    assert len(result.posts) == 1
    assert [reject.item for reject in result.rejects] == [0, 2]


@pytest.mark.parametrize("opening", ["&lt;![", "&#60;![", "&#x3C;![", "<![CDATA[<![ ]]>", "&lt;![foo["])
def test_markup_that_opens_nothing_costs_nobody_an_entry(opening):
    """Python's parser raises over it and feedparser repeats the entry before it; the feed's other entries stand."""
    odd = ENTRY.replace(">12<", ">13<").replace("Wij stoppen", f"Hallo {opening} x&lt;/p&gt;&lt;p&gt;Wij stoppen")

    result = mapped(rss(odd, ENTRY))

    assert (list(result.rejects), len(result.posts)) == ([], 2)
    assert result.posts[0].text.startswith("Werk & privé\n\nHallo")
    assert result.posts[0].text.count("Hallo") == 1


def test_markup_with_a_name_is_read_as_before():
    """Word writes conditions into what it makes: they are no words."""
    condition = ENTRY.replace("Wij", "&lt;![if !supportLists]&gt;Wij&lt;![endif]&gt;")
    assert mapped(rss(condition)).posts[0].text == "Werk & privé\n\nWij stoppen met flexplekken."


def test_an_unchanged_feed_is_fetched_once():
    """The second time ETag and Last-Modified are sent, and the answer holds no posts."""

    def answer(asked):
        if asked.headers.get("if-none-match") == '"v1"':
            assert asked.headers["if-modified-since"] == "Mon, 02 Mar 2026 10:00:00 GMT"
            return Told("", status=304)
        return Told(rss(ENTRY), headers={"etag": '"v1"', "last-modified": "Mon, 02 Mar 2026 10:00:00 GMT"})

    state = {}
    with serving(answer) as blog:
        url = f"{blog.base_url}/feed?format=rss"
        first = list(source(url, state=state).pages(window(url)))
        second = list(source(url, state=state).pages(window(url)))
    assert [page.end for page in first] == ["more", "complete"]
    assert [page.end for page in second] == ["complete"]
    assert (len(posts_of(first)), len(posts_of(second))) == (1, 0)
    assert len(blog.asked) == 2


def test_a_feed_that_was_not_stored_is_not_taken_for_unchanged():
    """When storing the page fails, the next try fetches the feed again."""
    with serving(lambda _: Told(rss(ENTRY), headers={"etag": '"v1"'})) as blog:
        url = f"{blog.base_url}/feed"
        one = source(url)
        pages = one.pages(window(url))
        next(pages)
        pages.close()
        list(one.pages(window(url)))
    assert [request.headers.get("if-none-match") for request in blog.asked] == [None, None]


def test_a_killed_window_goes_on_without_fetching_an_unchanged_feed_again():
    """The first page's position holds the feed's version."""
    with serving(
        lambda asked: (
            Told("", status=304) if "if-none-match" in asked.headers else Told(rss(ENTRY), headers={"etag": "v"})
        )
    ) as blog:
        url = f"{blog.base_url}/feed"
        first = next(source(url).pages(window(url)))
        rest = list(source(url).pages(window(url), first.position))
    assert [page.end for page in rest] == ["complete"]
    assert posts_of(rest) == []


def test_a_lively_feed_that_is_read_every_night_has_no_gap(tmp_path):
    """A feed shows a few days: that it reaches back to last night is enough."""
    with serving(lambda _: Told(atom(*NEW))) as blog, open_vault(tmp_path / "vault.duckdb", KEY) as con:
        feeds = FeedsSource(urls=[f"{blog.base_url}/feed"])
        ledger.plan(con, [window(*feeds.queries(), since=NOON - timedelta(days=1))])
        [tonight] = nightly_windows(con, {"feeds": feeds}, NOON + timedelta(days=1), Nightly())

        assert list(feeds.pages(tonight))[-1].end == "complete"


def test_a_feed_that_does_not_reach_the_window_is_capped():
    """A feed shows its newest entries only, so what is older than they is not known."""
    with serving(lambda _: Told(rss(ENTRY))) as blog:
        url = f"{blog.base_url}/feed"
        last = list(source(url).pages(window(url, since=NOON - timedelta(days=3))))[-1]
    assert (last.end, last.reached) == ("capped", NOON - timedelta(hours=5))


def dated(**times):
    """Make an Atom entry with these times, or with none."""
    marks = "".join(f"<{name}>{time}</{name}>" for name, time in times.items())
    return f"<entry><id>tag:blog.example,2026:1</id><title>Werk</title>{marks}</entry>"


def atom(*entries):
    """Make an Atom feed."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Werk</title>{"".join(entries)}</feed>'


NEW = [dated(published=f"2026-03-02T{hour:02}:00:00Z") for hour in (11, 10, 9)]
OLD = [dated(published=f"2012-03-0{day}T12:00:00Z") for day in (3, 2, 1)]
EDITED = [
    dated(published=f"{year}-03-02T12:00:00Z", updated=f"2026-03-02T{hour:02}:00:00Z")
    for year, hour in ((2012, 11), (2026, 10), (2014, 9), (2013, 8))
]
REACHES = {
    "a pinned entry above": ([OLD[0], *NEW], 9),
    "a wrong date below": ([*NEW, OLD[0]], 9),
    "ordered by their last change": (EDITED, 9),
    "no date at all": ([dated(), dated()], 12),
    "down to older ones": ([*NEW, *OLD], None),
    "nothing new": (OLD, None),
    "the oldest first": ([*reversed(OLD), *reversed(NEW)], None),
    "no entries": ([], None),
}


@pytest.mark.parametrize(("entries", "hour"), REACHES.values(), ids=REACHES)
def test_no_single_entry_tells_how_far_a_feed_goes_back(entries, hour):
    """One that is pinned, wrongly dated or edited since makes no cut feed complete; nor do entries without dates."""
    with serving(lambda _: Told(atom(*entries))) as blog:
        url = f"{blog.base_url}/feed"
        last = list(source(url).pages(window(url, since=NOON - timedelta(days=3))))[-1]
    reached = NOON.replace(hour=hour) if hour else None
    assert (last.end, last.reached) == ("capped" if hour else "complete", reached)


def test_a_moved_feed_says_where_to():
    """A redirect is not followed; the address to set is named."""
    moved = Told("", status=301, headers={"location": "https://new.example/feed"})
    with serving(lambda _: moved) as blog:
        _, error = collected(source(f"{blog.base_url}/feed").pages(window(f"{blog.base_url}/feed")))
    assert isinstance(error, Refused)
    assert "https://new.example/feed" in str(error)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<!doctype html><html><body>Even geduld</body></html>", Refused),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', Refused),
        (rss(ENTRY)[:-40], Transient),
        ("", Transient),
        ("   ", Transient),
    ],
)
def test_what_is_no_feed_is_never_an_empty_success(body, kind):
    """A web page, another format, a cut feed and nothing at all are each told."""
    with serving(lambda _: Told(body)) as blog:
        stored, error = collected(source(f"{blog.base_url}/feed").pages(window(f"{blog.base_url}/feed")))
    assert stored == []
    assert isinstance(error, kind)


@pytest.mark.parametrize("character", ["&#55555555;", "&#xd800;", "&#x999999999999;"])
def test_a_feed_that_feedparser_stumbles_over_is_refused_alone(character):
    """It raises what comes over a character that does not exist; the source's other feeds go on."""
    with serving(lambda _: Told(rss(ENTRY.replace("Wij", character)))) as blog:
        stored, error = collected(source(f"{blog.base_url}/feed").pages(window(f"{blog.base_url}/feed")))
    assert (stored, type(error), error.whole_source) == ([], Refused, False)
    assert "feedparser cannot read it" in str(error)


def test_one_blog_refused_leaves_the_others():
    """A refusal concerns one feed."""
    with serving(lambda _: Told("nee", status=403)) as blog:
        _, error = collected(source(f"{blog.base_url}/feed").pages(window(f"{blog.base_url}/feed")))
    assert not error.whole_source


def test_each_feed_is_tried():
    """The line for doctor says how many answer."""
    with serving(lambda _: Told(rss(ENTRY))) as blog:
        assert source(f"{blog.base_url}/feed").check() == "1 feeds answer"


@pytest.mark.parametrize("text", ["http://127.0.0.1:1/feed", "/etc/hostname", "file:///etc/hostname"])
def test_a_stored_text_is_never_taken_for_an_address(text):
    """What feedparser would fetch or open by itself is read as text."""
    assert mapped(text).posts == ()


@pytest.mark.parametrize("payload", ["", "[]", "{}", "<rss>"])
def test_a_page_that_cannot_be_read_is_one_reject(payload):
    """Whatever was stored, mapping it never raises."""
    assert len(rejects_of([Page("feed/entries", payload, NOON, "complete")])) == 1


def test_addresses_are_https_or_loopback():
    """A query string may be part of it; user names and other schemes may not."""
    assert checked_url(" https://blog.example/feed?x=1#top ") == "https://blog.example/feed?x=1"
    for bad in (
        "http://blog.example/feed",
        "ftp://blog.example",
        "https://anna:pw@blog.example/",
        "feed",
        "https:///x",
    ):
        with pytest.raises(ValueError, match="feed") as caught:
            FeedsSource(urls=[bad])
        assert "pw" not in str(caught.value)
