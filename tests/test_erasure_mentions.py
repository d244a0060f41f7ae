"""After an erasure nobody names the person any more: not in raw pages, not in what was mapped from them, in no file."""

import json
from dataclasses import replace
from datetime import timedelta

import peopled
import pytest
from peopled import store, words
from stocked import PSEUDONYM, START, annotate, vault

from connectors import cutting
from connectors.mapping import map_page
from connectors.source import Page
from flows.erasing import erase_now
from flows.opening import opened
from flows.settings import Settings
from warehouse import tombstones
from warehouse.erasure import erase
from warehouse.erasure_requests import author_request, authors_request
from warehouse.publish import publish
from warehouse.sql import query

MOMENT = "2026-05-01T10:00:00Z"
NAME = "zilverreiger"
ACCOUNTS = {
    f"{NAME}_hr": "x",
    f"{NAME}-": "reddit",
    f"{NAME}_": "reddit",
    f"{NAME}.bsky.example": "bluesky",
    f"{NAME}@hr.example": "mastodon",
    f"{NAME}-voorbeeld": "linkedin",
}
EVERYWHERE = (
    f"@{NAME}_hr x.com/{NAME}_hr u/{NAME}- reddit.com/user/{NAME}- @{NAME}.bsky.example "
    f"bsky.app/profile/{NAME}.bsky.example @{NAME}@hr.example "
    f"https://hr.example/@{NAME} linkedin.com/in/{NAME}-voorbeeld"
)
"""How a text names all of the person's accounts; a bare name only where it is one of that platform."""
ELSEWHERE = EVERYWHERE.replace(f"@{NAME}_hr ", "")


def page(format_, document):
    """A stored page."""
    return Page(format_, json.dumps(document), START + timedelta(days=1), "more", position="p")


def status(number, writer, content, server="hr.example"):
    """A status as a server of its own shows it."""
    account = {"acct": writer, "uri": f"https://{server}/users/{writer}", "url": f"https://{server}/@{writer}"}
    uri = f"https://{server}/users/{writer}/statuses/{number}"
    note = f'<p>Met <a href="https://hr.example/@{NAME}" class="u-url mention">@<span>{NAME}</span></a></p>'
    return {
        "id": str(number),
        "uri": uri,
        "visibility": "public",
        "created_at": MOMENT,
        "content": content,
        "account": account | {"note": note},
    }


def mastodon(href=f"https://hr.example/@{NAME}"):
    """A page on which Noor mentions somebody."""
    text = f'<p>Dank <a href="{href}" class="u-url mention">@<span>{NAME}</span></a></p>'
    return page("mastodon/statuses", [status(1, "noor", text)])


def pages():
    """Pages of every format on which others name the person, and some on which the person writes."""
    post = {"id": "10", "author_id": "1", "text": EVERYWHERE, "created_at": MOMENT}
    own = {"id": "11", "author_id": "2", "text": "Van mij", "created_at": MOMENT}
    users = [{"id": "1", "username": "noor", "description": EVERYWHERE}, {"id": "2", "username": f"{NAME}_hr"}]
    data = {
        "id": "b",
        "created_utc": 1777629600,
        "author": "noor",
        "body": ELSEWHERE + rf" u/{NAME}\_",
        "subreddit": f"u_{NAME}-",
    }
    record = {"text": EVERYWHERE.replace(f"@{NAME}_hr ", ""), "createdAt": MOMENT}
    did = {"did": "did:plc:noor", "handle": "noor.bsky.example"}
    columns = {"platform": "=x", "created_at": "t", "text": "w", "handle": "h"}
    row = {"line": 2, "values": {"t": MOMENT, "w": EVERYWHERE, "h": "noor"}, "wrong": None}
    broken = {"line": 3, "values": {"t": "gisteren", "w": EVERYWHERE, "h": "noor"}, "wrong": None}
    share = {"Date": "2026-05-01 10:00:00", "ShareLink": "", "ShareCommentary": ELSEWHERE}
    feed = (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Blog</a:title><a:entry><a:id>tag:blog,1</a:id>'
        f"<a:updated>{MOMENT}</a:updated><a:author><a:name>{NAME}</a:name><a:uri>https://x.com/{NAME}_hr</a:uri>"
        f"</a:author><a:content>{ELSEWHERE}</a:content></a:entry></a:feed>"
    )
    return [
        page("x/posts", {"data": [post, own], "includes": {"users": users}}),
        page("reddit/listing", {"data": {"children": [{"kind": "t1", "data": data}]}}),
        page(
            "bluesky/posts",
            {"posts": [{"uri": "at://did:plc:noor/app.bsky.feed.post/1", "author": did, "record": record}]},
        ),
        mastodon(),
        page("mastodon/statuses", [status(2, NAME, "<p>Van mij</p>")]),
        page("table/rows", {"file": "f", "columns": columns, "rows": [row, broken]}),
        page("linkedin/shares", {"file": "f", "owner": {"id": "donor:1"}, "rows": [{"line": 2, "values": share}]}),
        page("feed/entries", {"url": "https://blog.example/feed", "text": feed}),
    ]


def test_nothing_in_the_home_names_who_was_erased(tmp_path, monkeypatch):
    """All of the vault's tables, decrypted, and the bytes of every file: the name is in none, and all others stay."""
    monkeypatch.delenv("ETALAGE_VAULT_KEY", raising=False)
    settings = Settings(home=tmp_path / "home")
    settings.home.mkdir()
    with opened(settings) as (con, keys):
        monkeypatch.setattr(peopled, "PSEUDONYM", keys.pseudonym)
        store(con, pages())
        annotate(con)
        before = con.execute("select platform, post_id from posts order by all").fetchall()
        assert words(con).count(NAME) > 100
        assert con.execute("select count(*) from rejects").fetchone() == (1,)

    erase_now(settings, lambda con: authors_request(con, ACCOUNTS), "asked", lambda _counts: True)

    with opened(settings) as (con, _):
        left = words(con)
        after = con.execute("select platform, post_id from posts order by all").fetchall()
        assert NAME not in left
        assert set(before) - set(after) == {("x", "11"), ("mastodon", f"https://hr.example/users/{NAME}/statuses/2")}
        assert con.execute("select count(*) from pages where payload like '%[account]%'").fetchone() == (7,)
    files = [path for path in settings.home.rglob("*") if path.is_file()]
    assert {"vault.duckdb", "etalage.duckdb", "report.html", "erased.jsonl"} <= {path.name for path in files}
    assert [path.name for path in files if NAME.encode() in path.read_bytes().lower()] == []


@pytest.mark.parametrize(
    ("href", "text"),
    [(f"https://hr.example/@{NAME}", "Dank @[account]"), (f"https://elders.example/@{NAME}", f"Dank @{NAME}")],
)
def test_a_stored_text_follows_its_page(tmp_path, href, text):
    """A bare "@anna" in a post's text is of whom the page's link says; the post is then read again."""
    with vault(tmp_path) as con:
        store(con, [mastodon(href)])
        annotate(con)
        erase(con, author_request(con, f"{NAME}@hr.example@mastodon"), "asked", key=PSEUDONYM, cutting=cutting)

        assert con.execute("select text from posts").fetchall() == [(text,)]
        assert con.execute("select bio from authors").fetchall() == [("Met @[account]",)]
        assert con.execute("select count(*) from unread").fetchone() == (1,)
        (payload,) = con.execute("select payload from pages").fetchone()
        assert [
            post.text for post in map_page(page("mastodon/statuses", json.loads(payload)), source="s", query="q").posts
        ] == [text]


@pytest.mark.parametrize("format_", ["reddit/listing", "reddit/archive"])
def test_a_comments_address_loses_the_title_of_who_was_erased(tmp_path, format_):
    """Reddit writes a submission's title into the address of each comment under it: the ids alone lead there too."""
    comment = {
        "id": "def",
        "name": "t1_def",
        "author": "noor",
        "body": "Eens",
        "created_utc": 1777629600,
        "link_id": "t3_abc",
        "parent_id": "t3_abc",
        "permalink": f"/r/hr/comments/abc/ik_{NAME}_ben_ziek/def/",
    }
    title = {"id": "abc", "name": "t3_abc", "author": "anna", "title": f"Ik, {NAME}", "created_utc": 1777629600}
    stored = page(format_, {"data": {"children": [{"kind": "t3", "data": title}, {"kind": "t1", "data": comment}]}})
    if format_ == "reddit/archive":
        lines = ['{"file": "f", "line": 1}', json.dumps(title), json.dumps(comment)]
        stored = replace(stored, payload="\n".join(lines))
    with vault(tmp_path) as con:
        store(con, [stored])
        erase(con, author_request(con, "anna@reddit"), "asked", key=PSEUDONYM, cutting=cutting)

        assert NAME not in words(con)
        assert con.execute("select post_id, url, text from posts").fetchall() == [
            ("t1_def", "https://www.reddit.com/comments/abc/_/def", "Eens")
        ]
        (payload,) = con.execute("select payload from pages").fetchone()
        again = cutting.without(stored, tombstones.gone(con, PSEUDONYM), source="sample", query="panel")
        assert again.payload == payload


def linked():
    """A page on which Noor links somebody's profile elsewhere under a full name, for the erasure of `anna_hr`."""
    one = status(1, "noor", '<p>Dank <a href="https://x.com/anna_hr">Annelies Zilverreiger</a> voor de tip</p>')
    return page("mastodon/statuses", [one | {"account": one["account"] | {"note": ""}}])


def published_text(con, folder):
    """The one text that analysts see."""
    publish(con, folder / "etalage.duckdb")
    [(text,)] = query(folder / "etalage.duckdb", "select text from core.posts").rows
    return text


def test_the_words_of_a_link_go_from_the_masked_text_too(tmp_path):
    """What is published is made anew from the text without them."""
    with vault(tmp_path) as con:
        store(con, [linked()])
        erase(con, author_request(con, "anna_hr@x"), "asked", key=PSEUDONYM, cutting=cutting)

        assert con.execute("select text, masked_text from posts").fetchall() == [("Dank [account] voor de tip",) * 2]
        assert NAME not in words(con)
        assert published_text(con, tmp_path) == "Dank [account] voor de tip"


def test_publishing_mends_what_an_earlier_erasure_left(tmp_path):
    """A vault whose masked texts kept the words that the texts had lost shows them no more."""
    with vault(tmp_path) as con:
        store(con, [linked()])
        erase(con, author_request(con, "anna_hr@x"), "asked", key=PSEUDONYM, cutting=cutting)
        con.execute("update posts set masked_text = 'Dank Annelies Zilverreiger voor de tip', masking_version = 1")

        assert published_text(con, tmp_path) == "Dank [account] voor de tip"
        assert NAME not in words(con)


@pytest.mark.parametrize("escape", [False, True])
def test_a_page_that_has_the_name_without_its_server_is_found(tmp_path, escape):
    """As servers write somebody of their own, also where JSON writes the signs of HTML as numbers."""
    one = status(1, "noor", f"<p>Dank @<span>{NAME}</span></p>")
    text = json.dumps([one | {"account": one["account"] | {"note": ""}}])
    text = text.replace("<", "\\u003c").replace(">", "\\u003e") if escape else text
    with vault(tmp_path) as con:
        store(con, [replace(mastodon(), payload=text)])
        assert words(con).count(NAME) == 2
        erase(con, author_request(con, f"{NAME}@hr.example@mastodon"), "asked", key=PSEUDONYM, cutting=cutting)

        assert NAME not in words(con)
        assert con.execute("select text from posts").fetchall() == [("Dank @[account]",)]


def test_somebody_of_that_name_on_another_platform_stays(tmp_path):
    """Only the account that was asked for goes from other people's words."""
    with vault(tmp_path) as con:
        store(con, pages())
        erase(con, author_request(con, f"{NAME}@hr.example@mastodon"), "asked", key=PSEUDONYM, cutting=cutting)

        (text,) = con.execute("select text from posts where platform = 'x' and post_id = '10'").fetchone()
        assert text == EVERYWHERE.replace(f"@{NAME}@hr.example", "@[account]").replace(
            f"hr.example/@{NAME}", "hr.example/@[account]"
        )
        assert ("11",) in con.execute("select post_id from posts").fetchall()


@pytest.mark.parametrize("order", [("anna", "bertje"), ("bertje", "anna")])
def test_a_name_and_a_mention_go_from_one_text_in_either_order(tmp_path, order):
    """A page keeps a name in plain words, its stored text does not: what follows the page keeps it out too."""
    noor = '<p>Dank Anna Voorbeeldsma en <a href="https://hr.example/@bertje">@bertje</a></p>'
    people = {"anna": "Anna Voorbeeldsma", "bertje": "Bert Verzonnen"}
    posts = [status(1, "noor", noor), *(status(n, who, "<p>Eens</p>") for n, who in enumerate(people, start=2))]
    for one in posts:
        one["account"] |= {"note": "", "display_name": people.get(one["account"]["acct"], "Noor")}
    with vault(tmp_path) as con:
        store(con, [page("mastodon/statuses", posts)])
        annotate(con)
        for who in order:
            erase(con, author_request(con, f"{who}@hr.example@mastodon"), "asked", key=PSEUDONYM, cutting=cutting)

        assert con.execute("select text, masked_text from posts").fetchall() == [("Dank [naam] en @[account]",) * 2]
        assert con.execute("select count(*) from unread").fetchone() == (1,)
        assert published_text(con, tmp_path) == "Dank [naam] en @[account]"
