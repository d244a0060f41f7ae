"""Cutting people and posts out of stored pages, for every format that pages come in."""

import json
from dataclasses import replace

import pytest
from fake_bluesky import page as bluesky_page
from fake_bluesky import view
from stocked import START

from connectors.cutting import EMPTY, mark_names, without
from connectors.gone import among, donor_id, person_in, plain_handle
from connectors.mapping import _READERS, map_page
from connectors.sample import SampleSource
from connectors.source import Page, Window
from connectors.times import utc_now

SAMPLE = list(SampleSource(START.date()).pages(Window("sample", "panel", START.replace(year=2020), utc_now())))


def gone_author(post):
    """Everything of this post's author."""
    return among((), {(post.platform, post.author_id)}, {(post.platform, plain_handle(post.handle or "-"))})


def mapped(page, payload=None):
    """The posts of a page, by key."""
    page = page if payload is None else Page(page.format, payload, page.fetched_at, page.end)
    found = map_page(page, source="s", query="q")
    assert found.rejects == ()
    return {post.post_id: post for post in found.posts}


def known(post):
    """A post without what may name who is gone: the names it mentions, and the id of what it answers."""
    return replace(post, parent_id=None, text=post.text if "@" not in post.text else "")


@pytest.mark.parametrize("page", SAMPLE, ids=lambda page: page.format)
def test_an_author_goes_and_everybody_else_stays(page):
    """No id, name, bio or text of the author is left in the page's text; every other post maps as before."""
    before = mapped(page)
    who = next(post for post in before.values() if post.handle)
    own = {key for key, post in before.items() if post.author_id == who.author_id}

    cut = without(page, gone_author(who), source="s", query="q")
    after = mapped(page, cut.payload)

    assert {key for _, key in cut.posts} >= own
    assert after.keys() == before.keys() - {key for _, key in cut.posts}
    assert {key: known(post) for key, post in after.items()} == {key: known(before[key]) for key in after}
    assert {before[key].kind for _, key in cut.posts if key not in own} <= {"repost"}
    others = "\n".join(before[key].text for key in after)
    texts = {text for key in own if (text := before[key].text[:40]) not in others}
    for words in (who.author_id, f'"{who.handle}"', *texts):
        assert json.dumps(words, ensure_ascii=False).strip('"') not in cut.payload


@pytest.mark.parametrize("page", SAMPLE, ids=lambda page: page.format)
def test_a_post_goes_alone(page):
    """Of one post's text and id nothing is left; its author's other posts stay."""
    before = mapped(page)
    post = list(before.values())[len(before) // 2]

    cut = without(page, among({(post.platform, post.post_id)}, (), ()), source="s", query="q")

    assert (post.platform, post.post_id) in cut.posts
    assert {before[key].kind for _, key in cut.posts if key != post.post_id} <= {"repost"}
    assert mapped(page, cut.payload).keys() == before.keys() - {key for _, key in cut.posts}


@pytest.mark.parametrize("page", SAMPLE, ids=lambda page: page.format)
def test_nothing_to_cut_is_none(page):
    """A page of other people is left alone."""
    assert without(page, among({("x", "1")}, {("x", "2")}, {("x", "nobody")}), source="s", query="q") is None


def test_every_format_has_an_empty_page():
    """An emptied page of each format maps to nothing, without a reject."""
    assert set(EMPTY) == set(_READERS)
    for format_, payload in EMPTY.items():
        found = map_page(Page(format_, payload, START, "complete"), source="s", query="q")

        assert (found.posts, found.rejects) == ((), ())


X = {
    "data": [
        {
            "id": "10",
            "author_id": "1",
            "text": "Van mij, @Noor_HR en @anna",
            "created_at": "2026-01-01T10:00:00Z",
            "entities": {"mentions": [{"start": 0, "end": 4, "username": "Noor_HR", "id": "2"}]},
            "in_reply_to_user_id": "2",
            "referenced_tweets": [{"type": "replied_to", "id": "20"}],
        },
        {
            "id": "11",
            "author_id": "1",
            "text": "RT @Noor_HR: Woorden van Noor",
            "created_at": "2026-01-01T11:00:00Z",
            "referenced_tweets": [{"type": "retweeted", "id": "21"}],
        },
        {
            "id": "12",
            "author_id": "1",
            "text": "Zie dit",
            "created_at": "2026-01-01T12:00:00Z",
            "referenced_tweets": [{"type": "quoted", "id": "22"}],
        },
    ],
    "includes": {
        "users": [
            {"id": "1", "username": "anna", "name": "Anna"},
            {"id": "2", "username": "Noor_HR", "name": "Noor B"},
        ],
        "tweets": [
            {"id": number, "author_id": "2", "text": f"Woorden van Noor {number}"} for number in ("20", "21", "22")
        ],
    },
}


def test_x_embedded_posts_and_mentions_go_too():
    """Of somebody who only appears in other people's posts: the repost goes, reply and quote stay without them."""
    page = Page("x/posts", json.dumps(X), START, "complete")

    cut = without(page, among((), {("x", "2")}, {("x", "noor_hr")}), source="s", query="q")

    assert cut.posts == {("x", "11")}
    assert "noor" not in cut.payload.lower()
    assert '"2"' not in cut.payload
    assert mapped(page, cut.payload)["10"].text == "Van mij, @[account] en @anna"
    assert mapped(page, cut.payload)["12"].kind == "quote"


@pytest.mark.parametrize(
    "item",
    [
        "<item><title>Weg</title><guid>https://blog.example/?p=1</guid><description>Weg ermee</description></item>",
        "<item><title>Weg</title><link>https://blog.example/?p=1</link></item>",
        '<entry><title>Weg</title><link href="https://blog.example/?p=1"/></entry>',
        "<item><title>Weg</title><link>/?p=1</link></item>",
        '<entry xml:base="https://blog.example/"><title>Weg</title><link href="?p=1"/></entry>',
        "<item><title>Weg</title><description><![CDATA[<item> Weg </item>]]></description><link>/?p=1</link></item>",
        "<!-- <item>Geen bericht</item> --><item><title>Weg</title><link>/?p=1</link></item>",
    ],
)
def test_an_entry_goes_from_its_feed(item):
    """The other entries of the feed stay as they are."""
    other = "<item><title>Blijft</title><guid>https://blog.example/?p=12</guid></item>"
    text = f"<rss><channel><title>Blog</title>{item}{other}</channel></rss>"
    page = Page("feed/entries", json.dumps({"url": "https://blog.example/feed", "text": text}), START, "complete")

    cut = without(page, among({("feed", "https://blog.example/?p=1")}, (), ()), source="s", query="q")

    assert "Weg" not in cut.payload
    assert "Blijft" in cut.payload
    assert (
        without(page, among((), {("feed", "https://blog.example/feed")}, ()), source="s", query="q").payload
        == EMPTY["feed/entries"]
    )


def test_an_entry_goes_from_a_feed_with_a_prefix():
    """Whatever the feed calls the namespace of Atom."""
    entry = "<a:entry><a:id>tag:blog.example,{0}</a:id><a:title>{1}</a:title></a:entry>"
    entries = entry.format(1, "Weg") + entry.format(12, "Blijft")
    text = f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Blog</a:title>{entries}</a:feed>'
    page = Page("feed/entries", json.dumps({"url": "https://blog.example/feed", "text": text}), START, "complete")

    cut = without(page, among({("feed", "tag:blog.example,1")}, (), ()), source="s", query="q")

    assert json.loads(cut.payload)["text"] == text.replace(entry.format(1, "Weg"), "")
    assert cut.parts == (entry.format(1, "Weg"),)


@pytest.mark.parametrize("more", ["<item><title>Blijft", "<x:item xmlns:x='urn:x'>Geen bericht</x:item>"])
def test_a_feed_that_is_not_understood_goes_whole(more):
    """Only when something in it has to go: the XML has another number of entries than the mapping sees."""
    text = f"<rss><channel><item><title>Weg</title><link>/?p=1</link></item>{more}</channel></rss>"
    page = Page("feed/entries", json.dumps({"url": "https://blog.example/feed", "text": text}), START, "complete")

    gone, other = (among({("feed", f"https://blog.example/?p={number}")}, (), ()) for number in (1, 2))

    assert without(page, gone, source="s", query="q").payload == EMPTY["feed/entries"]
    assert without(page, other, source="s", query="q") is None


def test_a_feed_of_somebody_who_asked_beforehand_goes():
    """Its address is not in the vault yet, and the name that was asked for is its server's."""
    page = Page("feed/entries", json.dumps({"url": "https://blog.example/feed", "text": "<rss/>"}), START, "complete")

    cut = without(page, among((), (), {("feed", "blog.example")}), source="s", query="q")

    assert cut.payload == EMPTY["feed/entries"]


def test_an_item_without_an_author_is_nobodys():
    """Not even when an account of that name has gone."""
    child = {"kind": "t3", "data": {"name": "t3_a", "title": "Titel", "author": None, "created_utc": 1767261600}}
    page = Page("reddit/listing", json.dumps({"data": {"children": [child]}}), START, "complete")

    assert without(page, among((), {("reddit", "u/None")}, {("reddit", "none")}), source="s", query="q") is None


def test_lines_and_rows_go_one_by_one():
    """A line or row that goes leaves the others, with the numbers they had."""
    line = {"id": "10", "author_id": "1", "text": "Blijft", "created_at": "2026-01-01T10:00:00Z"}
    lines = "\n".join(['{"file": "f", "line": 1}', json.dumps(line | {"id": "9", "author_id": "2"}), json.dumps(line)])
    page = Page("twarc/lines", lines, START, "complete")
    columns = {"platform": "=linkedin", "created_at": "t", "text": "w", "handle": "h"}
    rows = [{"line": n, "values": {"t": "2026-01-01", "w": f"Woord {n}", "h": f"h{n}"}, "wrong": None} for n in (2, 3)]
    table = Page("table/rows", json.dumps({"file": "f", "columns": columns, "rows": rows}), START, "complete")

    cut = without(page, among((), {("x", "2")}, ()), source="s", query="q")
    fewer = without(table, among((), (), {("linkedin", "h2")}), source="s", query="q")

    assert cut.payload.split("\n")[1:] == ["", json.dumps(line)]
    assert [post.text for post in mapped(table, fewer.payload).values()] == ["Woord 3"]


def test_a_page_that_cannot_be_read_goes_whole():
    """What it holds cannot be told."""
    assert (
        without(Page("x/posts", "{broken", START, "complete"), among((), (), ()), source="s", query="q").payload
        == EMPTY["x/posts"]
    )


def test_a_handle_that_leads_back_to_nobody_cuts_nobody():
    """It may be among the gone, from when it was taken for somebody's name; others whose handle is lost have it too."""
    nobody = {"did": "did:plc:bas", "handle": "handle.invalid"}
    page = bluesky_page({"feed": [{"post": view(1) | {"author": nobody}}]})
    gone = among((), {("bluesky", "did:plc:anna")}, {("bluesky", "handle.invalid")})

    assert without(page, gone, source="bluesky", query="search:hr") is None


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("timeline:@Noor_HR", "noor_hr"),
        ("user:u/Noor", "noor"),
        ("author:did:plc:abc", "did:plc:abc"),
        ("account:noor@mastodon.nl", "noor@mastodon.nl"),
        ("https://blog.example/feed", "https://blog.example/feed"),
        ("search:#hr", None),
        ("r/HR/new", None),
        ("panel", None),
        ("tag:hr@mastodon.nl", None),
    ],
)
def test_queries_that_name_a_person(query, who):
    """Timelines and feeds name somebody; words, lists and places do not."""
    assert person_in(query) == who


def test_names_in_other_peoples_words():
    """Only whole names are marked, however they are written."""
    gone = among((), {("bluesky", "did:plc:abc")}, {("x", "noor_hr")})

    assert mark_names("x", "@noor_hr! @noor_hrm x.com/Noor_HR/status/1 noor_hr did:plc:abc", gone) == (
        "@[account]! @noor_hrm x.com/[account]/status/1 noor_hr [account]"
    )


def test_names_that_a_table_gives_all_rows_go_with_them():
    """A value for all rows stands once, beside the rows."""
    columns = {"platform": "=x", "text": "t", "created_at": "d", "handle": "=noortje", "display_name": "=Noortje G."}
    row = {"line": 2, "values": {"t": "Hallo", "d": "2026-03-01"}}
    payload = json.dumps({"file": "posts.csv", "columns": columns, "rows": [row]})
    page = Page("table/rows", payload, utc_now(), "complete")
    found = without(page, among([], [], [("x", "noortje")]), source="s", query="q")

    assert "oortje" not in found.payload
    assert json.loads(found.payload)["rows"] == []


def test_a_name_is_the_same_however_its_accents_are_written():
    """Whoever asks to be erased types the composed letters; an export may hold them in parts."""
    composed, parts = "Zo\u00eb Zwartbol", "Zoe\u0308 Zwartbol"

    assert donor_id(composed) == donor_id(parts)
    assert plain_handle(composed) == plain_handle(parts)
