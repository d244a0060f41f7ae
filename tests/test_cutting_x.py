"""Cutting what X itself writes of a person: reposts without their originals, and errors that have the name."""

import json

import pytest
from stocked import START

from connectors.cutting import without
from connectors.gone import among
from connectors.mapping import map_page
from connectors.source import Page

MOMENT = "2026-01-01T10:00:00Z"
GONE = {"handle": among((), (), {("x", "anna_hr")}), "author": among((), {("x", "777")}, ())}
BOB = {"id": "888", "username": "bob", "name": "Bob"}
COLUMNS = {"platform": "=x", "created_at": "t", "text": "w", "handle": "h"}


def tweet(number, text, **more):
    """A post as X writes it, by Bob."""
    return {"id": str(number), "author_id": "888", "text": text, "created_at": MOMENT, **more}


def answer(*items, **more):
    """A page of X without the originals of what it holds."""
    return Page("x/posts", json.dumps({"data": items, "includes": {"users": [BOB]}, **more}), START, "complete")


def lines(*documents):
    """A page of twarc's lines."""
    text = "\n".join(['{"file": "f", "line": 1}', *map(json.dumps, documents)])
    return Page("twarc/lines", text, START, "complete")


def flattened(*items):
    """A page of twarc's flattened posts, whose originals were not there to be put inside."""
    return lines(*(item | {"author": BOB} for item in items))


def table(*items):
    """A page of a table: older data of X."""
    rows = [{"t": item["created_at"], "w": item["text"], "h": "bob"} for item in items]
    listed = [{"line": line, "values": row, "wrong": None} for line, row in enumerate(rows, start=2)]
    return Page("table/rows", json.dumps({"file": "f", "columns": COLUMNS, "rows": listed}), START, "complete")


FORMS = {"page": answer, "flattened": flattened, "table": table}


def texts(page, payload):
    """The texts of a page's posts; none of them is set aside."""
    found = map_page(Page(page.format, payload, START, "complete"), source="s", query="q")
    assert found.rejects == ()
    return [post.text for post in found.posts]


@pytest.mark.parametrize("text", ["RT @Anna_HR: Geheime woorden", "RT @bob: RT @anna_hr: Geheime woorden"])
@pytest.mark.parametrize("form", FORMS)
def test_a_repost_without_its_original_goes(form, text):
    """Its words are those of whom it begins with; where a comment stands before them it stays, without the name."""
    others = ["Eens! RT @Anna_HR: mooi", "RT @anna_hrm: Iets anders", "RT @carla: Dank @anna_hr"]
    page = FORMS[form](*(tweet(number, one) for number, one in enumerate([text, *others], start=30)))

    cut = without(page, GONE["handle"], source="s", query="q")

    assert texts(page, cut.payload) == ["Eens! RT @[account]: mooi", others[1], "RT @carla: Dank @[account]"]
    assert "Geheime" not in cut.payload
    assert "Geheime" in json.dumps(cut.parts)
    assert len(cut.posts) == 1


def test_what_went_is_given_as_the_platform_said_it():
    """Somebody who asks for what is stored reads no mark of ours in it."""
    original = tweet(31, "Geheime woorden") | {"author_id": "777"}
    repost = tweet(30, "Geheime woorden", referenced_tweets=[{"type": "retweeted", "id": "31"}])
    page = answer(repost, includes={"tweets": [original]})

    cut = without(page, GONE["author"], source="s", query="q")

    assert cut.parts
    assert "goes" not in json.dumps(cut.parts)


@pytest.mark.parametrize("form", ["page", "flattened"])
def test_a_repost_goes_by_a_former_name(form):
    """Which only the account's id in its mention tells."""
    mention = {"start": 3, "end": 14, "username": "anna_eerder", "id": "777"}
    repost = tweet(30, "RT @anna_eerder: Geheime woorden", entities={"mentions": [mention]})
    page = FORMS[form](repost, tweet(31, "Blijft"))

    assert texts(page, without(page, GONE["author"], source="s", query="q").payload) == ["Blijft"]


@pytest.mark.parametrize("form", ["page", "flattened"])
def test_a_repost_of_such_a_repost_goes(form):
    """Also where the page has what was reposted: that is no post of whom it names."""
    inner = tweet(20, "RT @anna_hr: Geheime woorden")
    repost = tweet(30, "RT @bob: RT @anna_hr: Geh…", referenced_tweets=[{"type": "retweeted", "id": "20"}])
    page = answer(repost, tweet(31, "Blijft"), includes={"users": [BOB], "tweets": [inner]})
    if form == "flattened":
        page = flattened(repost | {"referenced_tweets": [{"type": "retweeted"} | inner]}, tweet(31, "Blijft"))

    cut = without(page, GONE["handle"], source="s", query="q")

    assert texts(page, cut.payload) == ["Blijft"]
    assert "Geheime" not in cut.payload


def test_a_row_that_is_no_post_goes_with_whom_it_repeats():
    """Though its date cannot be read."""
    page = table(tweet(30, "RT @anna_hr: Geheime woorden", created_at="gisteren"), tweet(31, "Blijft"))

    assert texts(page, without(page, GONE["handle"], source="s", query="q").payload) == ["Blijft"]


def test_somebody_of_that_name_elsewhere_is_repeated_still():
    """The form is X's alone."""
    page = table(tweet(30, "RT @anna_hr: Woorden"))
    page = Page(page.format, page.payload.replace("=x", "=linkedin"), START, "complete")

    assert without(page, GONE["handle"], source="s", query="q") is None


def error(name, **more):
    """What X says of an account that it does not include: it has the name, or the id, of whom a post mentions."""
    return {
        "value": name,
        "resource_id": name,
        "parameter": "entities.mentions.username",
        "detail": f"User has been suspended: [{name}].",
        "title": "Forbidden",
        "resource_type": "user",
        "type": "https://api.twitter.com/2/problems/resource-not-found",
        **more,
    }


@pytest.mark.parametrize("gone", GONE)
@pytest.mark.parametrize("form", ["page", "lines"])
def test_an_error_about_who_is_gone_goes(form, gone):
    """By name and by id, and by a name that a mention gives to the id; one about somebody else stays whole."""
    mention = {"start": 0, "end": 8, "username": "Anna_HR", "id": "777"}
    post = tweet(30, "@Anna_HR Dank", entities={"mentions": [mention]})
    errors = [error("Anna_HR"), error("carla"), error("777", parameter="entities.mentions.id")]
    page = answer(post, errors=errors)
    page = page if form == "page" else lines(json.loads(page.payload), tweet(31, "Blijft"))

    cut = without(page, GONE[gone], source="s", query="q")

    left = json.loads(cut.payload.split("\n")[0 if form == "page" else 1])["errors"]
    assert texts(page, cut.payload) == ["@[account] Dank", "Blijft"][: 1 if form == "page" else 2]
    assert "anna" not in cut.payload.lower()
    assert left == errors[1 : 2 if gone == "author" else 3]


def test_a_page_of_errors_alone_holds_nothing_then():
    """An answer without posts: of what X says of who is gone not even its address of the problem stays."""
    page = lines({"errors": [error("anna_hr")], "meta": {"result_count": 0}}, tweet(31, "Blijft"))

    cut = without(page, GONE["handle"], source="s", query="q")

    assert cut.payload.split("\n")[1] == ""
    assert texts(page, cut.payload) == ["Blijft"]
