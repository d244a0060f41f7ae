"""What X answers when it does not give a page, and how long it is waited for; its token goes nowhere else."""

import threading
import time
from datetime import UTC, datetime

import pytest
from collecting import ids_of
from fake_x import FakeX, post, series
from loopback import Told, serving
from x_source import TOKEN, source, window

from connectors.errors import CostStopped, Refused, Transient
from connectors.waiting import Waiting


@pytest.mark.parametrize(
    ("status", "body", "error", "whole"),
    [
        (401, {"title": "Unauthorized", "detail": "Unauthorized"}, Refused, True),
        (403, {"title": "Forbidden", "detail": "Your client is not enrolled"}, Refused, True),
        (403, {"detail": "no access", "type": "https://x/not-authorized-for-resource"}, Refused, False),
        (400, {"errors": [{"message": "query is odd"}]}, Refused, False),
        (404, "<html>no</html>", Refused, False),
        (402, {"title": "Payment Required"}, CostStopped, None),
        (403, {"title": "UsageCapExceeded", "type": "https://x/problems/usage-capped"}, CostStopped, None),
        (429, {"title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap"}, CostStopped, None),
        (429, {"title": "CreditsDepleted"}, CostStopped, None),
        (429, "Rate limit exceeded", Transient, None),
        (500, "", Transient, None),
        (503, {"title": "Service Unavailable"}, Transient, None),
        (302, "", Transient, None),
        (200, "", Transient, None),
        (200, "[]", Transient, None),
        (200, "{}", Transient, None),
        (200, '{"data": [', Transient, None),
        (500, '["odd"]', Transient, None),
    ],
)
def test_each_answer_has_its_own_error(status, body, error, whole):
    """Whatever X answers, the error says what to do next, in one line without the token."""
    told = Told(body, status, {"location": "https://example.org/"} if status == 302 else {})
    with serving(lambda _asked: told) as x, pytest.raises(error) as caught:
        list(source(x.base_url).pages(window("timeline:501")))

    assert whole == getattr(caught.value, "whole_source", None)
    assert TOKEN not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_token_is_hidden_when_x_repeats_it():
    """A token that X echoes does not reach the message."""
    told = Told({"detail": f"bad header: Bearer {TOKEN}"}, 401)
    with serving(lambda _asked: told) as x, pytest.raises(Refused) as caught:
        list(source(x.base_url).pages(window("timeline:501")))

    assert "bad header" in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("token", ["", " ", "tok\nen", "tokén"])
def test_a_token_that_cannot_be_sent_is_refused_unsent(token):
    """A token with a line break or an accent refuses the source before anything is sent, and is not shown."""
    with serving(FakeX([])) as x, pytest.raises(Refused, match="bearer token") as caught:
        list(source(x.base_url, bearer_token=token).pages(window("timeline:501")))

    assert x.asked == []
    assert not token.strip() or token not in str(caught.value)


def test_a_redirect_never_carries_the_token_to_another_host():
    """A redirect is not followed, so the other host is never spoken to."""
    with serving(lambda _asked: Told({})) as other:
        told = Told("", 302, {"location": other.base_url + "/2/steal"})
        with serving(lambda _asked: told) as x, pytest.raises(Transient):
            list(source(x.base_url).pages(window("timeline:501")))

    assert other.asked == []


def test_the_environment_sends_nothing_elsewhere(monkeypatch):
    """Proxy variables and .netrc have no say in where a token goes."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(FakeX([post()])) as x:
        pages = list(source(x.base_url).pages(window("archive:werk")))

    assert len(ids_of(pages)) == 1


def test_a_usage_cap_is_not_waited_for():
    """Where spending must stop there is no second request."""
    with serving(lambda _asked: Told({"title": "UsageCapExceeded"}, 429)) as x, pytest.raises(CostStopped):
        list(source(x.base_url).pages(window("timeline:501")))

    assert len(x.asked) == 1


def test_a_refusal_is_not_repeated():
    """What a person has to change is asked for once."""
    with serving(lambda _asked: Told({"detail": "no"}, 401)) as x, pytest.raises(Refused):
        list(source(x.base_url).pages(window("timeline:501")))

    assert len(x.asked) == 1


def test_the_reset_of_a_rate_limit_is_kept_to():
    """After a 429 the wait lasts until the announced reset and not much longer."""
    reset = datetime.now(UTC).timestamp() + 300
    fake = FakeX([post()], faults={0: Told("Rate limit exceeded", 429, {"x-rate-limit-reset": str(int(reset))})})
    waits = []
    with serving(fake) as x:
        list(source(x.base_url, waits).pages(window("timeline:501")))

    assert 240 < waits[0] < 302


def test_a_reset_of_a_day_is_passed_on_at_once():
    """A daily limit is not waited for here; the error says how long it will take."""
    told = Told("Rate limit exceeded", 429, {"x-rate-limit-reset": str(datetime.now(UTC).timestamp() + 86400)})
    waits = []
    with serving(lambda _asked: told) as x, pytest.raises(Transient) as caught:
        list(source(x.base_url, waits).pages(window("timeline:501")))

    assert (waits, len(x.asked)) == ([], 1)
    assert caught.value.retry_after > 80000


def test_slows_down_before_x_has_to_refuse():
    """With little of a limit left, the next request waits its share of the time to the reset."""
    reset = str(int(datetime.now(UTC).timestamp() + 900))
    left = {"x-rate-limit-limit": "900", "x-rate-limit-remaining": "8", "x-rate-limit-reset": reset}
    waits = []
    with serving(FakeX(series(20), headers=left)) as x:
        list(source(x.base_url, waits, page_size=10).pages(window("timeline:501")))

    assert len(waits) == 1
    assert 90 < waits[0] < 101


def test_the_archive_is_asked_once_a_second():
    """Full-archive requests keep a second apart whatever their limit says: what has not passed by itself is waited."""
    waits, moments, fake = [], [], FakeX(series(20))

    def answer(asked):
        moments.append(time.time())
        return fake(asked)

    with serving(answer) as x:
        list(source(x.base_url, waits, page_size=10).pages(window("archive:werk")))

    first, second = moments
    assert second - first + sum(waits) > 0.99
    assert all(wait <= 1.0 for wait in waits)


def test_a_wait_can_be_cancelled():
    """A stop from another thread ends a wait within moments, as something to try again later."""
    stop = threading.Event()
    told = Told("Rate limit exceeded", 429, {"x-rate-limit-reset": str(int(datetime.now(UTC).timestamp() + 600))})
    threading.Timer(0.1, stop.set).start()
    with serving(lambda _asked: told) as x, pytest.raises(Transient, match="stopped"):
        list(source(x.base_url, waiting=Waiting(stop=stop)).pages(window("timeline:501")))
