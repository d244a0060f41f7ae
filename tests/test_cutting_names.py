"""Names of who is gone in other people's words: a mention as each platform writes it goes, and nobody else's does."""

import json
import time

import pytest
from stocked import START

from connectors import cutting_feeds
from connectors.cutting import mark_names, without
from connectors.gone import among
from connectors.mapping import map_page
from connectors.source import Page

GONE = among(
    (),
    {
        ("bluesky", "did:plc:anna123"),
        ("x", "777"),
        ("mastodon", "https://web.hr.example/users/anna"),
    },
    {
        ("mastodon", "anna@hr.example"),
        ("bluesky", "anna.bsky.example"),
        ("reddit", "anna_hr"),
        ("reddit", "anna-"),
        ("x", "anna_hr"),
        ("linkedin", "anna-voorbeeld"),
    },
)
MOMENT = "2026-01-01T10:00:00Z"


def cut(format_, document):
    """A page of this format without who is gone: the cut and its posts."""
    page = Page(format_, document if isinstance(document, str) else json.dumps(document), START, "complete")
    found = without(page, GONE, source="s", query="q")
    left = page if found is None else Page(format_, found.payload, START, "complete")
    mapped = map_page(left, source="s", query="q")
    assert mapped.rejects == ()
    return found, mapped.posts


def status(content, mentions=(), writer="noor", server="hr.example"):
    """A status by Noor."""
    return {
        "id": "1",
        "uri": f"https://{server}/users/{writer}/statuses/1",
        "visibility": "public",
        "created_at": MOMENT,
        "content": content,
        "account": {"acct": writer, "uri": f"https://{server}/users/{writer}", "note": "<p>HR</p>"},
        "mentions": list(mentions),
    }


def mention(href, name):
    """A mention as Mastodon's servers write it."""
    return f'<span class="h-card" translate="no"><a href="{href}" class="u-url mention">@<span>{name}</span></a></span>'


def bluesky(text, facets=()):
    """A page with one post by Noor."""
    post = {
        "uri": "at://did:plc:noor/app.bsky.feed.post/1",
        "author": {"did": "did:plc:noor", "handle": "noor.bsky.example"},
        "record": {"text": text, "createdAt": MOMENT, "facets": list(facets)},
        "indexedAt": MOMENT,
    }
    return {"posts": [post]}


@pytest.mark.parametrize(
    "href",
    [
        "https://hr.example/@anna",
        "https://hr.example/users/anna",
        "https://elders.example/@anna@hr.example",
        "https://web.hr.example/users/anna",
    ],
)
def test_a_mastodon_mention_goes(href):
    """Link and name, whose server only the link tells, whether or not the status lists whom it mentions."""
    found, (post,) = cut("mastodon/statuses", [status(f"<p>Dank {mention(href, 'anna')}!</p>")])

    assert post.text == "Dank @[account]!"
    assert "anna" not in found.payload
    assert [(old.text, new.text) for old, new in found.reworded] == [("Dank @anna!", "Dank @[account]!")]


def test_a_mastodon_mention_goes_by_the_list_of_mentions():
    """A server whose profiles have other addresses is known by the list; so is a name without a link."""
    listed = {"id": "3", "username": "anna", "acct": "anna@hr.example", "url": "https://pics.example/profiel/9"}
    text = f"<p>{mention('https://pics.example/profiel/9', 'anna')} en @anna</p>"
    found, (post,) = cut("mastodon/statuses", [status(text, [listed], server="elders.example")])

    assert post.text == "@[account] en @[account]"
    assert "anna" not in found.payload
    assert "profiel/9" not in found.payload


def test_somebody_elses_mastodon_mention_stays():
    """The same name on another server, a longer one, and a bare one that may be anybody's."""
    other = {"id": "4", "username": "anna", "acct": "anna@elders.example", "url": "https://elders.example/@anna"}
    text = (
        f"<p>{mention('https://elders.example/@anna', 'anna')} {mention('https://hr.example/@annabel', 'annabel')} "
        '@anna <a href="https://video.example/@anna">@anna</a></p>'
    )

    assert cut("mastodon/statuses", [status(text, [other])])[0] is None
    assert cut("mastodon/statuses", [status("<p>@anna</p>", server="elders.example")])[0] is None


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Anna Verzonnen", "[account]"),
        ("@<bdi>anna</bdi>", "@[account]"),
        ('<span class="invisible">https://</span><span class="ellipsis">hr.example/@an</span>', "[account]"),
    ],
)
def test_a_link_to_a_profile_goes_with_its_words(words, left):
    """They are a name of the person; those of a link to something that the person wrote are not."""
    found, (post,) = cut("mastodon/statuses", [status(f'<a href="https://hr.example/@anna">{words}</a> dank')])

    assert post.text == f"{left} dank"
    assert "@an" not in found.payload
    assert "anna" not in found.payload.lower()
    assert mark_names("mastodon", '<a href="https://hr.example/@anna/1">dit</a>', GONE) == (
        '<a href="https://hr.example/@[account]/1">dit</a>'
    )


def test_two_of_one_name_are_told_apart():
    """Each by its own link."""
    text = f"<p>{mention('https://hr.example/@anna', 'anna')} {mention('https://elders.example/@anna', 'anna')}</p>"
    people = [
        {"id": "3", "acct": "anna@hr.example", "url": "https://hr.example/@anna"},
        {"id": "4", "acct": "anna@elders.example", "url": "https://elders.example/@anna"},
    ]
    found, (post,) = cut("mastodon/statuses", [status(text, people)])

    assert post.text == "@[account] @anna"
    assert "hr.example/@anna" not in found.payload
    assert "https://elders.example/@anna" in found.payload


def test_a_bare_name_is_of_the_writers_own_server():
    """As a Mastodon server reads it, unless the status says otherwise."""
    assert cut("mastodon/statuses", [status("<p>Dank @anna</p>")])[1][0].text == "Dank @[account]"


def test_a_bluesky_mention_goes():
    """A link to a profile, by DID or name; a facet; and a name of before, which only the facet tells."""
    text = "Dank @anna-eerder.bsky.example"
    facet = {
        "index": {"byteStart": 5, "byteEnd": len(text)},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:anna123"}],
    }
    links = " https://bsky.app/profile/did:plc:anna123/post/3 bsky.app/profile/anna.bsky.example @anna.bsky.example."
    found, (post,) = cut("bluesky/posts", bluesky(text + links + " did:plc:anna123.", [facet]))

    assert "anna" not in found.payload
    assert post.text == (
        "Dank @[account] https://bsky.app/profile/[account]/post/3 bsky.app/profile/[account] @[account]. [account]."
    )


def test_somebody_elses_bluesky_mention_stays():
    """Names and DIDs that only begin in the same way."""
    text = "@anna.bsky.example.org bsky.app/profile/did:plc:anna1234 @annabel.bsky.example bsky.app/profile/anna"

    assert cut("bluesky/posts", bluesky(text))[0] is None


def comment(body, **more):
    """A page with one comment by Noor."""
    data = {
        "name": "t1_b",
        "id": "b",
        "author": "noor",
        "body": body,
        "created_utc": 1767261600,
        "permalink": "/r/hr/comments/a/_/b/",
        **more,
    }
    return {"data": {"children": [{"kind": "t1", "data": data}]}}


def test_a_reddit_mention_goes():
    """However it is written; a name may end in a hyphen; and a profile is a subreddit too."""
    body = (
        "u/anna_hr /u/Anna_HR reddit.com/user/anna_hr/comments https://old.reddit.com/u/anna_hr "
        "[x](/user/anna_hr) u/anna\\_hr u/anna-"
    )
    more = {
        "subreddit": "u_anna_hr",
        "permalink": "/r/u_anna_hr/comments/a/_/b/",
        "body_html": '<a href="/user/anna_hr">',
    }
    found, (post,) = cut("reddit/listing", comment(body, **more))

    assert "anna" not in found.payload.lower()
    assert post.text.count("[account]") == 7
    assert post.url == "https://www.reddit.com/r/u_[account]/comments/a/_/b/"


def test_somebody_elses_reddit_mention_stays():
    """A longer name, and somebody of that name elsewhere."""
    assert (
        cut("reddit/listing", comment("u/anna_hr2 /u/anna_hr-nl forum.example/user/anna_hr x.com/anna_hr2"))[0] is None
    )


def test_an_x_mention_goes():
    """Also by the name it had before, which only the mention's id tells, and with a fullwidth sign."""
    text = "Dank @anna_eerder, \uff20Anna_HR.En https://twitter.com/anna_hr/status/1 https://x.com/anna_hr"
    item = {
        "id": "10",
        "author_id": "1",
        "text": text,
        "created_at": MOMENT,
        "entities": {"mentions": [{"start": 5, "end": 17, "username": "anna_eerder", "id": "777"}]},
    }
    found, (post,) = cut("x/posts", {"data": [item], "includes": {"users": [{"id": "1", "username": "noor"}]}})

    assert "anna" not in found.payload.lower()
    assert post.text == (
        "Dank @[account], \uff20[account].En https://twitter.com/[account]/status/1 https://x.com/[account]"
    )


def test_a_link_says_of_which_platform_a_name_is():
    """Somebody of that name on the page's own platform may be another."""
    text = "https://x.com/anna_hr https://hr.example/@anna @anna@hr.example https://reddit.com/user/anna_hr"

    assert mark_names("bluesky", text, GONE).count("[account]") == 4
    assert mark_names("x", "@anna.bsky.example.", GONE) == "@[account]."
    assert mark_names("bluesky", "@anna_hr medium.example/@anna_hr", GONE) == "@anna_hr medium.example/@anna_hr"
    assert mark_names("x", "medium.example/@anna_hr netflix.com/anna_hr", GONE) == (
        "medium.example/@anna_hr netflix.com/anna_hr"
    )


def table(platform, *rows):
    """A page of a table without keys of its own: what its posts are known by is made of their words."""
    columns = {"platform": f"={platform}", "created_at": "t", "text": "w", "handle": "h"}
    listed = [{"line": number, "values": row, "wrong": None} for number, row in enumerate(rows, 2)]
    return {"file": "f", "columns": columns, "rows": listed}


def test_a_mention_in_a_table_goes():
    """From every column, and the post keeps its key; rows of others stay as they are."""
    rows = [
        {"t": MOMENT, "w": "Dank @anna_hr", "h": "noor", "more": {"of": ["x.com/anna_hr"]}},
        {"t": MOMENT, "w": "Dank @anna_hrm", "h": "noor"},
    ]
    before = map_page(Page("table/rows", json.dumps(table("x", *rows)), START, "complete"), source="s", query="q").posts
    found, after = cut("table/rows", table("x", *rows))

    assert [post.text for post in after] == ["Dank @[account]", "Dank @anna_hrm"]
    assert [post.post_id for post in after] == [post.post_id for post in before]
    assert found.posts == frozenset()
    assert json.loads(found.payload)["rows"][1]["values"] == rows[1]
    assert 'anna_hr"' not in found.payload


def test_a_post_that_a_page_holds_twice_keeps_its_two_wordings():
    """Only the one that named somebody is another one now."""
    document = table("x", {"t": MOMENT, "w": "Dank @anna_hr", "i": "1"}, {"t": MOMENT, "w": "Dank allen", "i": "1"})
    document["columns"] = {**document["columns"], "post_id": "i"}
    found, _ = cut("table/rows", document)

    assert [(old.text, new.text) for old, new in found.reworded] == [("Dank @anna_hr", "Dank @[account]")]


def test_a_mastodon_mention_in_a_table_is_read_by_who_writes():
    """A name without a server is one of the writer's."""
    rows = [{"t": MOMENT, "w": "Dank @anna", "h": f"noor@{server}"} for server in ("hr.example", "elders.example")]

    assert [post.text for post in cut("table/rows", table("mastodon", *rows))[1]] == ["Dank @[account]", "Dank @anna"]


def test_a_row_that_is_no_post_goes_with_its_author():
    """Though something else in it is wrong."""
    document = table("x", {"t": "gisteren", "w": "Van mij", "h": "@Anna_HR"}, {"t": MOMENT, "w": "Blijft", "h": "noor"})
    found, (post,) = cut("table/rows", document)

    assert post.text == "Blijft"
    assert "Van mij" not in found.payload


@pytest.mark.parametrize(
    ("format_", "values"),
    [
        ("linkedin/shares", {"Date": "2026-01-01 10:00:00", "ShareLink": "", "ShareCommentary": "WORDS"}),
        ("linkedin/comments", {"Date": "2026-01-01 10:00:00", "Link": "", "Message": "WORDS"}),
    ],
)
def test_a_mention_in_a_linkedin_export_goes(format_, values):
    """Profiles and posts by their addresses; the post keeps its key."""
    words = "linkedin.com/in/anna-voorbeeld/ linkedin.com/posts/anna-voorbeeld_hr-7 linkedin.com/in/anna-voorbeeld-2"
    values = {column: words if value == "WORDS" else value for column, value in values.items()}
    owner = {"id": "donor:1", "name": "Noor Verzonnen", "headline": "HR, zie ook linkedin.com/in/anna-voorbeeld"}
    found, (post,) = cut(format_, {"file": "f", "owner": owner, "rows": [{"line": 2, "values": values, "wrong": None}]})

    assert post.text == (
        "linkedin.com/in/[account]/ linkedin.com/posts/[account]_hr-7 linkedin.com/in/anna-voorbeeld-2"
    )
    assert post.bio == "HR, zie ook linkedin.com/in/[account]"
    assert found.posts == frozenset()


DATED = "<pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate>"


def feed(text):
    """A page with a feed."""
    return {"url": "https://blog.example/feed", "text": text}


@pytest.mark.parametrize(
    "words",
    [
        "<dc:creator>@anna@hr.example</dc:creator>",
        "<dc:creator><![CDATA[https://x.com/anna_hr]]></dc:creator>",
        "<author><name>Anna Verzonnen</name><uri>https://hr.example/@anna</uri></author>",
        "<description>Dank &lt;a href=&quot;https://hr.example/@anna&quot;&gt;@anna&lt;/a&gt;</description>",
        '<description><![CDATA[Dank <a href="https://x.com/anna_hr">@anna_hr</a>]]></description>',
        "<description>Dank u/anna_hr en bsky.app/profile/did:plc:anna123</description>",
        "<comments>https://hr.example/users/anna</comments>",
    ],
)
def test_a_mention_in_a_feed_goes(words):
    """From an entry's words, its links, and whom it says has signed it: then the name beside the link too."""
    text = f'<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Blog</title><item><guid>https://blog.example/1</guid>{DATED}{words}</item></channel></rss>'
    found, (post,) = cut("feed/entries", feed(text))

    assert post.post_id == "https://blog.example/1"
    assert "anna" not in found.payload.lower()
    assert "[account]" in found.payload


def test_who_signs_an_atom_entry_goes_with_name_and_link():
    """In a feed with a prefix too."""
    text = (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>B</a:title><a:entry><a:id>tag:b,1</a:id>'
        "<a:title>Titel</a:title><a:updated>2026-01-01T10:00:00Z</a:updated>"
        "<a:author><a:name>Anna Verzonnen</a:name><a:uri>https://x.com/anna_hr</a:uri></a:author>"
        "<a:author><a:name>Noor Verzonnen</a:name></a:author></a:entry></a:feed>"
    )
    found, posts = cut("feed/entries", feed(text))

    assert len(posts) == 1
    assert "anna" not in found.payload.lower()
    assert "Noor Verzonnen" in found.payload


def test_somebody_else_in_a_feed_stays():
    """Whose name is only alike, or stands without a platform."""
    words = (
        "<dc:creator>anna</dc:creator><description>@anna_hr x.com/anna_hrm https://elders.example/@anna</description>"
    )
    text = f'<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><guid>https://blog.example/1</guid>{DATED}{words}</item></channel></rss>'

    assert cut("feed/entries", feed(text))[0] is None


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("mastodon", '<a href="https://a.example/@x">' * 8_000),
        ("feed", "&lt;a &lt;a" * 20_000 + "@"),
        ("feed", "<a " * 60_000 + "@"),
        ("x", "@" + "a.b-" * 50_000),
        ("x", "https://" + "a." * 100_000),
        ("x", "did:plc:" * 25_000),
        ("reddit", "/u/" * 60_000),
        ("reddit", "u/" + "\\_" * 100_000),
        ("mastodon", "@<span" * 30_000),
    ],
)
def test_marking_is_linear(platform, text):
    """Ten times as much takes about ten times as long, whatever it is: no text is tried in many ways."""

    def seconds(words):
        begun = time.process_time()
        mark_names(platform, words, GONE)
        return time.process_time() - begun

    assert seconds(text) < 30 * max(seconds(text[: len(text) // 10]), 0.01)


def test_signatures_that_never_close_take_no_time():
    """A feed may open many authors, each with another prefix: no search from one of them goes past the next."""

    def seconds(count):
        never_closed = json.dumps(feed("".join(f"<n{number}:author>" for number in range(count))))
        begun = time.process_time()
        assert cutting_feeds.without(never_closed, GONE) is None
        return time.process_time() - begun

    assert seconds(40_000) < 30 * max(seconds(4_000), 0.01)
