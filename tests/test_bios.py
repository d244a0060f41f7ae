"""A bio that its owner took away goes from the vault, and with it the role that it gave."""

import json

from stocked import START, annotate, load, post, vault

from connectors.mapping import map_page
from connectors.source import Page
from warehouse.annotations import pending

LATER = START.replace(day=9)


def bios(format_, document):
    """Map a page and return the bios of its posts."""
    mapped = map_page(Page(format_, json.dumps(document), LATER, "complete"), source="test", query="search:hr")
    assert not mapped.rejects
    return [one.bio for one in mapped.posts]


def test_an_emptied_bio_goes(tmp_path):
    """An answer that holds an empty bio takes the old one away, and the author's posts are read again."""
    with vault(tmp_path, 8) as con:
        load(con, post(1, bio="", collected_at=LATER))
        held = con.execute("select bio from authors where author_id = '8800001'").fetchall()
        waiting = [(row.post_id, row.bio) for row in pending(con, "test-1", 100)]
        annotate(con, lambda row: {} if row.bio else {"role": "unknown"})
        load(con, post(1, bio="", collected_at=LATER.replace(day=10)))

        assert held == [(None,)]
        assert waiting == [(post(1).post_id, None)]
        assert pending(con, "test-1", 100) == []


def test_an_answer_without_bios_takes_none_away(tmp_path):
    """What a page does not tell stays known."""
    with vault(tmp_path, 8) as con:
        load(con, post(1, bio=None, collected_at=LATER))

        assert con.execute("select distinct bio from authors").fetchall() == [(post(1).bio,)]


def test_x_tells_an_empty_bio_from_none():
    """A user who is included has a bio or an empty one; who is not included tells nothing."""
    item = {"text": "Bericht", "created_at": "2026-05-01T08:00:00.000Z"}
    people = [{"id": "7", "username": "noor", "name": "Noor", "description": ""}]
    data = [{"id": f"17000000000000000{n}", "author_id": author, **item} for n, author in enumerate(("7", "8"))]

    assert bios("x/posts", {"data": data, "includes": {"users": people}}) == ["", None]


def test_bluesky_tells_an_empty_bio_from_none():
    """A profile without a description is empty; an author whose profile was not given tells nothing."""

    def item(did):
        author = {"did": did, "handle": f"{did[-4:]}.bsky.example"}
        record = {"$type": "app.bsky.feed.post", "createdAt": "2026-05-01T08:00:00Z", "text": "Bericht"}
        uri = f"at://{did}/app.bsky.feed.post/3"
        return {"post": {"uri": uri, "author": author, "record": record, "indexedAt": "2026-05-01T08:00:00Z"}}

    feed = {"feed": [item("did:plc:noor"), item("did:plc:joris")]}
    assert bios("bluesky/feed", {"page": feed, "profiles": {"profiles": [{"did": "did:plc:noor"}]}}) == ["", None]


def test_mastodon_tells_an_empty_bio_from_none():
    """An account comes with its note, empty or not; a server that leaves it out tells nothing."""

    def status(number, **account):
        uri = f"https://hr.example/users/noor/statuses/{number}"
        noor = {"acct": "noor", "uri": "https://hr.example/users/noor", **account}
        said = {"content": "<p>Bericht</p>", "visibility": "public"}
        return {"uri": uri, "account": noor, "created_at": "2026-05-01T08:00:00Z", **said}

    assert bios("mastodon/statuses", [status(1, note=""), status(2)]) == ["", None]


def test_a_feed_without_a_description_has_none():
    """The whole feed comes with every answer, so what it does not say of itself is not there."""
    entry = "<item><guid>https://blog.example/1</guid><pubDate>Fri, 01 May 2026 08:00:00 GMT</pubDate></item>"
    text = f'<rss version="2.0"><channel><title>Het HR-blog</title>{entry}</channel></rss>'

    assert bios("feed/entries", {"url": "https://blog.example/feed", "text": text}) == [""]
