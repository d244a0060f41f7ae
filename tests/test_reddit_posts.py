"""From Reddit's payloads to posts."""

import json
from datetime import UTC, datetime

import pytest
from fake_reddit import NOON, comment, submission
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
FIELDS = (*tuple(submission()["data"]), "body", "parent_id", "removed_by_category", "crosspost_parent")


def mapped(*children):
    """Map one listing with these children."""
    return of_payload(json.dumps({"kind": "Listing", "data": {"children": list(children), "after": None}}))


def of_payload(payload):
    """Map one page with this payload."""
    page = Page(format="reddit/listing", payload=payload, fetched_at=FETCHED, end="complete")
    return map_page(page, source="reddit", query="r/werkplein/new")


def one(child):
    """Map one item that is fine."""
    found = mapped(child)
    assert found.rejects == ()
    [result] = found.posts
    return result


def test_a_submission_is_mapped_field_by_field():
    """Title and text are one text, the fullname is the key, the net score counts as likes."""
    thing = submission()
    result = one(thing)

    assert ("reddit", thing["data"]["name"], "t2_8xk2", "pieter_devos_po") == (
        result.platform,
        result.post_id,
        result.author_id,
        result.handle,
    )
    assert result.text == "Vraag 1 over verzuim\n\nHoe pakken jullie dit aan?"
    assert (
        result.created_at,
        result.likes,
        result.replies,
        result.reposts,
        result.quotes,
        result.views,
    ) == (NOON, 12, 3, 0, None, None)
    assert (result.kind, result.parent_id, result.language_hint, result.edited_at) == ("post", None, None, None)
    assert result.url.startswith("https://www.reddit.com/r/werkplein/comments/")


def test_a_comment_is_a_reply_to_its_parent():
    """A comment answers a comment or a submission."""
    result = one(comment(parent_id="t1_abc"))

    assert (
        result.kind,
        result.parent_id,
        result.text,
    ) == ("reply", "t1_abc", "Antwoord 1: eerst praten, dan pas een systeem.")


def test_a_flair_is_the_authors_bio():
    """A listing tells nothing else about its authors; an empty flair tells nothing either."""
    assert one(submission(author_flair_text=" HR-adviseur in de zorg ")).bio == "HR-adviseur in de zorg"
    assert [one(submission(author_flair_text=flair)).bio for flair in (None, "", "  ", 7)] == [None] * 4


def test_a_link_has_its_title_alone():
    """A submission without text of its own has its title."""
    assert one(submission(selftext="")).text == "Vraag 1 over verzuim"


def test_a_crosspost_is_a_repost():
    """A crosspost names what it repeats."""
    result = one(submission(crosspost_parent="t3_abc"))

    assert (result.kind, result.parent_id) == ("repost", "t3_abc")


def test_a_deleted_account_leaves_a_post_without_author():
    """The text stays public; who wrote it is nobody's business any more."""
    result = one(submission(author="[deleted]"))

    assert (result.author_id, result.handle) == (None, None)


def test_an_old_item_has_its_author_by_name():
    """Items from before 2019 lack the account's id; the name, which never changes, stands in for it."""
    old = submission()
    del old["data"]["author_fullname"]
    result = one(old)

    assert (result.author_id, result.handle) == ("u/pieter_devos_po", "pieter_devos_po")


@pytest.mark.parametrize(
    "child",
    [
        submission(selftext="[removed]"),
        submission(selftext="[deleted]"),
        submission(removed_by_category="automod_filtered"),
        comment(body="[removed]"),
        comment(body="[deleted]"),
    ],
)
def test_what_is_gone_is_neither_post_nor_reject(child):
    """Deleted and removed items are not kept, not even in quarantine."""
    found = mapped(child)

    assert (found.posts, found.rejects) == ((), ())


def test_an_edit_has_its_moment():
    """False is no edit, a number is the moment of one; old archives say true."""
    assert one(submission(edited=NOON.timestamp())).edited_at == NOON
    assert one(submission(edited=False)).edited_at is None
    assert one(submission(edited=True)).edited_at is None


def test_a_hidden_score_is_unknown():
    """A score that Reddit hides is None, not the 1 that it shows."""
    assert one(comment(score_hidden=True, score=1)).likes is None


def test_a_missing_permalink_is_made_from_the_ids():
    """Old archives lack the permalink."""
    bare = comment(link_id="t3_xyz")
    del bare["data"]["permalink"]

    assert f"https://www.reddit.com/comments/xyz/_/{bare['data']['id']}" == one(bare).url


def test_an_epoch_may_be_a_text():
    """Old archives write the creation time as a text."""
    assert one(submission(created_utc=str(int(NOON.timestamp())))).created_at == NOON


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "شكراً لفريق الموارد البشرية", "👩🏽‍💼🤝🏳️‍🌈", "&amp; blijft staan", "\u0000"]
)
def test_any_text_is_kept(text):
    """Huge, right-to-left, emoji and odd texts are kept as they are: raw_json has no escapes to undo."""
    assert text == one(comment(body=text)).text


def test_an_empty_comment_is_kept():
    """An empty text is a text."""
    assert one(comment(body="")).text == ""


@pytest.mark.parametrize("missing", ["name", "body", "created_utc"])
def test_what_a_comment_must_have_is_missed(missing):
    """An item without name, text or time is set aside with its raw text, and the others go on."""
    bad = comment()
    del bad["data"][missing]
    bad["data"].pop("id")
    found = mapped(comment(), bad, comment())

    assert (len(found.posts), [reject.item for reject in found.rejects]) == (2, [1])
    assert bad == json.loads(found.rejects[0].raw)


@pytest.mark.parametrize("payload", ["", "{", "[]", "null", '{"data": {}}', '{"data": {"children": 5}}', "<html>"])
def test_a_page_that_is_no_listing_becomes_a_reject(payload):
    """A payload that is no listing is set aside, never an exception."""
    found = of_payload(payload)

    assert (found.posts, len(found.rejects)) == ((), 1)


@settings(max_examples=150)
@given(
    st.lists(
        JSON
        | st.fixed_dictionaries(
            {"kind": st.sampled_from(["t1", "t3", "more"]), "data": st.dictionaries(st.sampled_from(FIELDS), JSON)}
        ),
        max_size=4,
    )
)
def test_nothing_on_a_page_is_an_exception(children):
    """Whatever stands on a page, it is a post, a reject or gone, and can be written as UTF-8."""
    found = mapped(*children)

    assert len(found.posts) + len(found.rejects) <= len(children)
    for reject in found.rejects:
        reject.raw.encode()
        reject.reason.encode()


@settings(max_examples=100)
@given(st.text(), st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_item_breaks_its_neighbour(text, odd):
    """A sound comment beside an odd submission is always mapped, with its text."""
    found = mapped({"kind": "t3", "data": submission()["data"] | odd}, comment(body=f"Over {text}"))

    assert f"Over {text}".encode("utf-8", "replace").decode() == found.posts[-1].text
