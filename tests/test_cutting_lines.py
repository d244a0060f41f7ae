"""Cutting twarc's lines, whatever their form: pages, stream objects, and posts flattened with all they refer to."""

import json

import pytest
from stocked import START

from connectors.cutting import EMPTY, without
from connectors.gone import among
from connectors.mapping import map_page
from connectors.source import Page

USERS = {
    "777": {"id": "777", "username": "Anna_HR", "name": "Anna Verzonnen", "description": "Mijn werk"},
    "888": {"id": "888", "username": "bob", "name": "Bob", "description": "HR-adviseur"},
}
MENTIONS = {"mentions": [{"start": 0, "end": 8, "username": "Anna_HR", "id": "777"}]}


def tweet(number, text, author="888", **fields):
    """A post as X writes it, by Bob."""
    key = str(number)
    created = {"created_at": "2026-01-01T10:00:00Z", "edit_history_tweet_ids": [key]}
    return {"id": key, "author_id": author, "text": text, **created, **fields}


def of(kind, number):
    """What X writes to refer to a post."""
    return {"referenced_tweets": [{"type": kind, "id": str(number)}]}


ORIGINAL = tweet(20, "Woorden van Anna", author="777")
QUOTE = tweet(31, "Zie dit", **of("quoted", 20))
TWEETS = {one["id"]: one for one in (ORIGINAL, QUOTE)}
OTHER = tweet(40, "Blijft staan")
POSTS = {
    "own": ORIGINAL,
    "repost": tweet(30, "RT @Anna_HR: Woorden van An…", **of("retweeted", 20), entities=MENTIONS),
    "quote": QUOTE,
    "reply": tweet(32, "@Anna_HR Eens", **of("replied_to", 20), entities=MENTIONS, in_reply_to_user_id="777"),
    "mention": tweet(33, "@Anna_HR Dank", entities=MENTIONS),
    "repost of a quote": tweet(34, "RT @bob: Zie dit", **of("retweeted", 31)),
}
GONE = {
    "handle": among((), (), {("x", "anna_hr")}),
    "author": among((), {("x", "777")}, ()),
    "post": among({("x", "20")}, (), ()),
}


def flattened(item):
    """A post as twarc's flatten writes it: account, originals and mentioned accounts are inside it."""
    references = [one | flattened(TWEETS[one["id"]]) for one in item.get("referenced_tweets", ())]
    mentions = [one | USERS[one["id"]] for one in item.get("entities", {}).get("mentions", ())]
    replied = item.get("in_reply_to_user_id")
    return {
        **item,
        "author": USERS[item["author_id"]],
        **({"referenced_tweets": references} if references else {}),
        **({"entities": {"mentions": mentions}} if mentions else {}),
        **({"in_reply_to_user": USERS[replied]} if replied else {}),
    }


def unflattened(data):
    """An answer of X with a post, or several, and all they refer to."""
    return {"data": data, "includes": {"users": list(USERS.values()), "tweets": list(TWEETS.values())}}


FORMS = {
    "flattened": flattened,
    "stream": lambda item: unflattened(item) | {"matching_rules": [{"id": "1", "tag": "hr"}]},
    "page": lambda item: unflattened([item, OTHER]),
}


def page(*lines):
    """A page of twarc's lines."""
    return Page("twarc/lines", "\n".join(['{"file": "f", "line": 1}', *map(json.dumps, lines)]), START, "complete")


def posts(stored, payload):
    """The posts that a page's lines map to, by id; none of them is set aside."""
    found = map_page(Page(stored.format, payload, START, "complete"), source="s", query="q")
    assert found.rejects == ()
    return {post.post_id: post for post in found.posts}


@pytest.mark.parametrize("gone", GONE)
@pytest.mark.parametrize("what", ["own", "repost"])
@pytest.mark.parametrize("form", FORMS)
def test_a_post_of_who_is_gone_goes_whole(form, what, gone):
    """Also as somebody's bare repost, and known by the account's name alone; the numbers of the lines stay."""
    stored = page(FORMS[form](POSTS[what]), OTHER)

    cut = without(stored, GONE[gone], source="s", query="q")

    assert posts(stored, cut.payload).keys() == {"40"}
    assert cut.payload.endswith("\n" + json.dumps(OTHER))
    assert cut.payload.count("\n") == stored.payload.count("\n")
    assert json.loads(cut.payload.partition("\n")[0]) == {"file": "", "line": 1}
    assert "anna" not in cut.payload.lower()
    assert cut.posts == {("x", POSTS[what]["id"])}
    assert "Woorden van Anna" in json.dumps(cut.parts)


@pytest.mark.parametrize("gone", GONE)
@pytest.mark.parametrize(("what", "kind"), [("quote", "quote"), ("reply", "reply")])
@pytest.mark.parametrize("form", FORMS)
def test_what_answers_stays_without_what_it_answers(form, what, kind, gone):
    """Whoever quotes or answers keeps name, bio, kind and parent; of the post answered nothing else is left."""
    stored = page(FORMS[form](POSTS[what]))

    cut = without(stored, GONE[gone], source="s", query="q")
    post = posts(stored, cut.payload)[POSTS[what]["id"]]

    assert (post.kind, post.parent_id, post.handle, post.bio) == (kind, "20", "bob", "HR-adviseur")
    assert "Woorden van Anna" not in cut.payload
    assert gone == "post" or "anna" not in cut.payload.lower()
    assert "Woorden van Anna" in json.dumps(cut.parts)


@pytest.mark.parametrize("gone", ["handle", "author"])
@pytest.mark.parametrize("form", FORMS)
def test_who_only_mentions_somebody_gone_stays(form, gone):
    """The name goes from the words, and the account from the list; the writer keeps name and bio."""
    stored = page(FORMS[form](POSTS["mention"]))

    cut = without(stored, GONE[gone], source="s", query="q")
    post = posts(stored, cut.payload)["33"]

    assert (post.text, post.handle, post.bio) == ("@[account] Dank", "bob", "HR-adviseur")
    assert "anna" not in cut.payload.lower()


@pytest.mark.parametrize("form", FORMS)
def test_every_line_loses_the_name(form):
    """Not only the first; the lines between that name nobody are left as they were."""
    mentions = [tweet(number, f"@Anna_HR Dank {number}") for number in (33, 35, 37)]
    stored = page(*(FORMS[form](item) for item in mentions), OTHER, FORMS[form](mentions[0] | {"id": "38"}))

    cut = without(stored, GONE["handle"], source="s", query="q")

    assert "@anna" not in cut.payload.lower()
    assert cut.payload.split("\n")[4] == json.dumps(OTHER)
    assert [new.text for _, new in cut.reworded] == [f"@[account] Dank {number}" for number in (33, 35, 37, 33)]


@pytest.mark.parametrize("gone", GONE)
def test_a_quote_inside_a_repost_loses_what_it_quotes(gone):
    """A flattened line may hold posts inside posts: the repost of Bob's own words stays."""
    stored = page(flattened(POSTS["repost of a quote"]))

    cut = without(stored, GONE[gone], source="s", query="q")
    post = posts(stored, cut.payload)["34"]

    assert (post.kind, post.parent_id, post.text, cut.posts) == ("repost", "31", "Zie dit", frozenset())
    assert "Woorden van Anna" not in cut.payload


@pytest.mark.parametrize("form", FORMS)
def test_lines_of_others_are_left_alone(form):
    """None of this is about who is gone."""
    stored = page(*(FORMS[form](item) for item in POSTS.values()))

    assert without(stored, among({("x", "1")}, {("x", "2")}, {("x", "nobody")}), source="s", query="q") is None


def test_an_answer_with_one_post_that_goes_is_empty():
    """Of a page that is one post's nothing is left to set aside."""
    stored = Page("x/posts", json.dumps(unflattened(ORIGINAL)), START, "complete")

    assert without(stored, GONE["author"], source="s", query="q").payload == EMPTY["x/posts"]
