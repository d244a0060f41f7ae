"""Whom a status of Mastodon answers: a server's number of an account is one call away from the profile."""

import json

from fake_mastodon import status
from stocked import START

from connectors.cutting import without
from connectors.gone import among
from connectors.source import Page

BERT = {"id": "12", "username": "bert", "acct": "bert@elders.example", "url": "https://elders.example/@bert"}
CARLA = {"id": "13", "username": "carla", "acct": "carla", "url": "https://hr.example/@carla"}
GONE = among((), (), {("mastodon", "bert@elders.example")})


def answered(statuses, gone=GONE):
    """Whom the statuses that are left answer, None where they do not say; the numbers of statuses are not looked at."""
    page = Page("mastodon/statuses", json.dumps(statuses), START, "complete")
    cut = without(page, gone, source="s", query="q")
    left = json.loads(cut.payload if cut else page.payload)
    return [(one.get("reblog") or one).get("in_reply_to_account_id") for one in left]


def answer(minutes, account, *mentions):
    """Make an answer to an account that mentions these."""
    return status(minutes, in_reply_to_id="1", in_reply_to_account_id=account["id"], mentions=list(mentions))


def test_the_number_of_who_is_gone_goes_from_an_answer():
    """Where the answer mentions them; somebody else's number stays, mentioned beside them or not."""
    statuses = [answer(1, BERT, BERT, CARLA), answer(2, CARLA, BERT, CARLA), answer(3, CARLA)]

    assert answered(statuses) == [None, "13", "13"]
    assert answered(statuses[2:]) == ["13"]
    assert answered(statuses, among((), (), {("mastodon", "bert@hr.example")})) == ["12", "13", "13"]


def test_a_page_tells_whose_number_it_is_by_any_of_its_statuses():
    """An answer need not mention whom it answers, and may be reposted; the numbers of a page are one server's."""
    own = status(1, account={**BERT, "uri": "https://elders.example/users/bert"})
    reposted = status(3, reblog=answer(4, BERT))

    assert answered([answer(2, BERT), own, reposted]) == [None, None]
    assert answered([answer(2, BERT), reposted]) == ["12", "12"]


def test_a_number_that_is_none_costs_no_page():
    """Whatever a server writes there."""
    strange = status(1, in_reply_to_account_id={"id": "12"}, mentions=[BERT])

    assert answered([strange, answer(2, BERT)]) == [{"id": "12"}, None]
