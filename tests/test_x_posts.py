"""From X's payloads to posts."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from fake_x import NOON, post, snowflake, user
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mapping import map_page
from connectors.source import Page

FETCHED = datetime(2026, 3, 11, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (*post(), "referenced_tweets", "note_tweet")


def mapped(*items, **includes):
    """Map one page with these items."""
    return of_payload(json.dumps({"data": list(items), "includes": includes}))


def of_payload(payload):
    """Map one page with this payload."""
    page = Page(format="x/posts", payload=payload, fetched_at=FETCHED, end="complete")
    return map_page(page, source="x", query="search:hr")


def one(item, **includes):
    """Map one item that is fine."""
    found = mapped(item, **includes)
    assert found.rejects == ()
    [result] = found.posts
    return result


def test_a_post_is_mapped_field_by_field():
    """Every field of the record comes from its place in the payload."""
    result = one(post(), users=[user()])

    assert ("x", snowflake(NOON), "501", "noor_vdberg_hr") == (
        result.platform,
        result.post_id,
        result.author_id,
        result.handle,
    )
    assert (result.likes, result.replies, result.reposts, result.quotes, result.views) == (4, 1, 2, 0, 90)
    assert (result.kind, result.parent_id, result.language_hint, result.edited_at) == ("post", None, "nl", None)
    assert f"https://x.com/noor_vdberg_hr/status/{snowflake(NOON)}" == result.url
    assert (result.collected_at, result.source, result.query) == (FETCHED, "x", "search:hr")


def test_without_metrics_counts_are_unknown():
    """What X does not say is None, never 0."""
    result = one({key: value for key, value in post().items() if key != "public_metrics"})

    assert [result.likes, result.replies, result.reposts, result.quotes, result.views] == [None] * 5


def test_views_before_x_counted_them_are_unknown():
    """A 0 of before December 2022 says nothing; later it does."""
    early = post(datetime(2021, 1, 1, tzinfo=UTC))
    early["public_metrics"]["impression_count"] = 0
    late = post(NOON)
    late["public_metrics"]["impression_count"] = 0

    assert (one(early).views, one(late).views) == (None, 0)


def test_a_long_post_is_taken_in_full():
    """The text of a long post is in its note, whose beginning alone is in text."""
    result = one(post(text="Een begin…", note_tweet={"text": "Een begin en " + "meer " * 300}))

    assert len(result.text) > 1500


def test_a_repost_has_its_originals_text_and_counts():
    """A repost's own text is cut off, and its own counts are zeros that mean nothing."""
    original = post(NOON - timedelta(days=1), "Het hele verhaal &lt;3", author_id="777")
    cut = post(text="RT @ander: Het hele ve…", referenced_tweets=[{"type": "retweeted", "id": original["id"]}])
    result = one(cut, tweets=[original], users=[user()])

    assert ("repost", original["id"], "Het hele verhaal <3", 4) == (
        result.kind,
        result.parent_id,
        result.text,
        result.likes,
    )
    assert (result.author_id, result.created_at) == ("501", NOON)


def test_views_of_an_old_post_are_unknown_whenever_it_is_reposted():
    """They are the original's, so its time tells whether X counted them."""
    old, late = post(datetime(2020, 1, 1, tzinfo=UTC)), post(NOON - timedelta(days=1))
    for original in (old, late):
        original["public_metrics"]["impression_count"] = 0
    reposts = [post(NOON, referenced_tweets=[{"type": "retweeted", "id": original["id"]}]) for original in (old, late)]

    assert [one(repost, tweets=[old, late]).views for repost in reposts] == [None, 0]


def test_a_repost_without_its_original_keeps_what_it_has():
    """When the original is gone the cut text stays, and its likes are unknown."""
    result = one(post(text="RT @ander: Het…", referenced_tweets=[{"type": "retweeted", "id": "1"}]))

    assert (result.text, result.likes, result.reposts) == ("RT @ander: Het…", None, 2)


@pytest.mark.parametrize(
    ("types", "kind", "parent"),
    [
        (["quoted"], "quote", "11"),
        (["replied_to"], "reply", "11"),
        (["quoted", "replied_to"], "reply", "12"),
        (["retweeted"], "repost", "11"),
        (["something_new"], "post", None),
    ],
)
def test_kind_and_parent_come_from_what_a_post_refers_to(types, kind, parent):
    """A post that is reply and quote at once is a reply."""
    references = [{"type": name, "id": str(11 + index)} for index, name in enumerate(types)]
    result = one(post(referenced_tweets=references))

    assert (kind, parent) == (result.kind, result.parent_id)


def test_every_edit_of_a_post_is_one_post():
    """An edit has a new id; the first is the key, its moment the creation, the edit's moment the edit."""
    first, last = snowflake(NOON), snowflake(NOON + timedelta(minutes=20))
    edited = post(NOON + timedelta(minutes=20), "Verbeterd", edit_history_tweet_ids=[first, last])
    result = one(edited, users=[user()])

    assert (first, NOON, NOON + timedelta(minutes=20)) == (result.post_id, result.created_at, result.edited_at)
    assert result.url.endswith(last)


def test_an_earlier_version_has_no_counts():
    """They stand still when it is edited; the newest version's are the post's."""
    first, last = snowflake(NOON), snowflake(NOON + timedelta(minutes=20))
    versions = [post(id=key, edit_history_tweet_ids=[first, last]) for key in (first, last)]

    assert [(one(version).post_id, one(version).likes, one(version).views) for version in versions] == [
        (first, None, None),
        (first, 4, 90),
    ]


@pytest.mark.parametrize("code", ["und", "zxx", "qme", "qst", "qht", "", None, 5])
def test_no_language_is_no_hint(code):
    """X's codes for no language at all are no hint."""
    assert one(post(lang=code)).language_hint is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a" * 100_000,
        "شكراً لفريق الموارد البشرية",
        "👩🏽‍💼🤝🏳️‍🌈",
        "regel\nregel\r\n",
        "\u0000",
        "&copy; &amp;amp; &notanentity;",
    ],
)
def test_any_text_is_kept(text):
    """Empty, huge, right-to-left, emoji and odd texts are kept, with X's own escapes undone once."""
    assert text.replace("&amp;", "&") == one(post(text=text)).text


def test_a_lone_surrogate_does_not_reach_the_store():
    """JSON may hold half a character; what is kept can be written as UTF-8."""
    found = of_payload('{"data": [' + json.dumps(post(text="half \ud83d teken")) + "]}")

    assert found.posts[0].text == "half ? teken"


def test_a_post_without_author_keeps_none():
    """A post that names no author, or one that X did not include, is a post all the same."""
    nameless = one({key: value for key, value in post().items() if key != "author_id"})
    unknown = one(post(author_id="999"), users=[user()])

    assert (
        (nameless.author_id, nameless.handle),
        (unknown.author_id, unknown.handle),
    ) == ((None, None), ("999", None))
    assert nameless.url.startswith("https://x.com/i/status/")


def test_a_date_in_the_future_is_kept():
    """What a platform dates in the future is mapped as it is; judging it is not the mapping's work."""
    assert one(post(created_at="2999-01-01T00:00:00.000Z")).created_at.year == 2999


@pytest.mark.parametrize("missing", ["id", "text", "created_at"])
def test_what_a_post_must_have_is_missed(missing):
    """An item without id, text or time is set aside with its raw text, and the others go on."""
    bad = {key: value for key, value in post().items() if key != missing}
    found = mapped(post(), bad, post())

    assert (len(found.posts), [reject.item for reject in found.rejects]) == (2, [1])
    assert bad == json.loads(found.rejects[0].raw)
    assert missing in found.rejects[0].reason


@pytest.mark.parametrize("payload", ["", "{", "[]", "null", "5", '{"data": "x"}', "<html>", '{"data": [1, null, "x"]}'])
def test_a_page_that_is_none_becomes_rejects(payload):
    """A payload that is no page is set aside, never an exception."""
    found = of_payload(payload)

    assert found.posts == ()
    assert found.rejects


def test_an_empty_page_holds_nothing():
    """No data is neither a post nor a reject."""
    found = of_payload('{"meta": {"result_count": 0}}')

    assert (found.posts, found.rejects) == ((), ())


@settings(max_examples=150)
@given(st.lists(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)), max_size=4), JSON)
def test_every_item_is_a_post_or_a_reject(items, includes):
    """Whatever stands on a page, nothing is lost and everything can be written as UTF-8."""
    found = of_payload(json.dumps({"data": items, "includes": includes}))

    assert len(items) == len(found.posts) + len(found.rejects)
    for reject in found.rejects:
        reject.raw.encode()
        reject.reason.encode()


@settings(max_examples=100)
@given(
    st.text(), st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1)), st.dictionaries(st.sampled_from(FIELDS), JSON)
)
def test_no_field_breaks_its_neighbours(text, moment, odd):
    """A sound post beside an odd one is always mapped, with its text and moment."""
    moment = moment.replace(tzinfo=UTC, microsecond=0)
    found = mapped(post(moment) | odd, post(moment, text.replace("&", "+")))

    assert text.replace("&", "+").encode("utf-8", "replace").decode() == found.posts[-1].text
    assert moment == found.posts[-1].created_at
