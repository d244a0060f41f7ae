"""Patience is bounded, jittered and cancellable; pace comes from the platform's own headers."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import CostStopped, Refused, Transient
from connectors.mastodon.api import MastodonApi
from connectors.waiting import Pace, Waiting
from connectors.x.api import XApi


class Request:
    """Fails as often as told, then answers."""

    def __init__(self, failures, error=None):
        self.failures, self.calls = failures, 0
        self.error = error or Transient("busy")

    def __call__(self):
        """Answer, or fail."""
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error
        return "answer"


def noting(waits, **options):
    """Return a waiting that notes its pauses instead of making them."""
    return Waiting(sleep=lambda seconds: waits.append(seconds) is not None, **options)


def test_a_passing_failure_is_got_over():
    """An answer after three failures is an answer, after three growing pauses."""
    waits = []

    assert noting(waits, chance=lambda: 1.0).retried(Request(3)) == "answer"
    assert waits == [1.0, 2.0, 4.0]


def test_patience_ends():
    """After the last attempt the error itself is raised."""
    request = Request(9)
    with pytest.raises(Transient, match="busy"):
        noting([], attempts=4).retried(request)

    assert request.calls == 4


@pytest.mark.parametrize("error", [Refused("no"), CostStopped("no"), KeyError("no")])
def test_only_what_may_pass_is_repeated(error):
    """A refusal, a cost stop and a fault of our own are asked for once."""
    request = Request(1, error)
    with pytest.raises(type(error)):
        noting([]).retried(request)

    assert request.calls == 1


def x_api(waits):
    """Make the seam to X; nothing listens at its address."""
    limits = {"timeout": (1.0, 1.0), "total_seconds": 1.0}
    return XApi(bearer_token="token", base_url="http://127.0.0.1:9", waiting=noting(waits), **limits)


def mastodon_api(waits):
    """Make the seam to a Mastodon server; nothing listens at its address."""
    limits = {"timeout": (1.0, 1.0), "total_seconds": 1.0}
    return MastodonApi(name="hr", base_url="http://127.0.0.1:9", token=None, waiting=noting(waits), **limits)


OWN_FAULTS = {
    "a method that tweepy has not": (x_api, lambda api: api.call("users", lambda client: client.get_userz())),
    "an id too few": (x_api, lambda api: api.call("users", lambda client: client.get_user())),
    "a method that Mastodon.py has not": (mastodon_api, lambda api: api.call(lambda client: client.timeline_hr())),
    "an argument it does not take": (
        mastodon_api,
        lambda api: api.call(lambda client: client.timeline_hashtag("hr", nonsense=1)),
    ),
}


@pytest.mark.parametrize(("seam", "wrong"), OWN_FAULTS.values(), ids=OWN_FAULTS)
def test_a_wrong_call_of_a_client_is_no_outage(seam, wrong):
    """It is raised as it is, at once; the platform was not even asked."""
    waits = []
    with pytest.raises((AttributeError, TypeError)):
        wrong(seam(waits))

    assert waits == []


def test_the_platforms_wish_is_kept_to():
    """A wish is waited for in full, and a little longer."""
    waits = []
    noting(waits, chance=lambda: 0.5).retried(Request(1, Transient("busy", retry_after=30)))

    assert waits == [30.5]


def test_a_wish_too_long_is_passed_on():
    """A wish beyond the limit is not waited for."""
    waits = []
    with pytest.raises(Transient) as caught:
        noting(waits, longest_wish=960).retried(Request(1, Transient("busy", retry_after=86400)))

    assert (waits, caught.value.retry_after) == ([], 86400)


def test_a_limit_that_is_used_up_for_the_day_is_asked_about_once():
    """Until a far reset nobody asks again, however many windows there are, and the error says until when."""
    waits, request, pace = [], Request(9, Transient("busy", retry_after=7200)), Pace(clock=lambda: 100.0)
    waiting = noting(waits)
    for _ in range(3):
        with pytest.raises(Transient) as caught:
            waiting.retried(request, pace)

    assert (request.calls, waits) == (1, [])
    assert "used up until 1970-01-01 02:01 UTC" in str(caught.value)
    assert 7200 <= caught.value.retry_after < 7202


def test_a_pace_is_kept_to_before_every_attempt():
    """The pause comes before the request, because a refused request counts too."""
    waits, pace = [], Pace(clock=lambda: 100.0)
    pace.note(remaining=0, limit=1000, reset=130)
    noting(waits).retried(Request(0), pace)

    assert waits == [30.5]


def test_a_stop_ends_a_pause_at_once():
    """A stop from another thread ends a pause of a minute within a second."""
    waiting = Waiting()
    threading.Timer(0.05, waiting.stop.set).start()
    started = time.monotonic()
    with pytest.raises(Transient, match="stopped"):
        waiting.pause(60)

    assert time.monotonic() - started < 5


def test_after_a_stop_nothing_is_started():
    """Even a pause of no length notices the stop."""
    waiting = Waiting()
    waiting.stop.set()

    with pytest.raises(Transient, match="stopped"):
        waiting.pause(0)


def test_at_least_one_attempt_is_needed():
    """A waiting that never asks is refused when it is made."""
    with pytest.raises(ValueError, match="at least one"):
        Waiting(attempts=0)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_pause_is_bounded(failure, chance):
    """However often a request failed, a pause lies between half and the whole of the longest."""
    pause = Waiting(first=1, longest=60, chance=lambda: chance).pause_after(failure, None)

    assert 0.5 <= pause <= 60
    assert pause >= min(60, 2 ** min(failure, 6)) / 2


def test_no_pace_without_headers():
    """A platform that says nothing about its limits is not slowed down for."""
    pace = Pace(clock=lambda: 100.0)
    pace.note(remaining=None, limit=None, reset=None)

    assert pace.delay() == 0


def test_no_pace_while_plenty_is_left():
    """With more than a tenth of a limit left nothing is waited for."""
    pace = Pace(clock=lambda: 100.0)
    pace.note(remaining=500, limit=1000, reset=200)

    assert pace.delay() == 0


def test_what_is_left_is_spread_over_the_time_left():
    """Nine requests left in 100 seconds are ten seconds apart."""
    pace = Pace(clock=lambda: 100.0)
    pace.note(remaining=9, limit=1000, reset=200)

    assert pace.delay() == 10


def test_nothing_left_waits_for_the_reset():
    """With nothing left the next request waits for the reset and a moment more."""
    pace = Pace(clock=lambda: 100.0)
    pace.note(remaining=0, limit=1000, reset=200)

    assert 100 < pace.delay() < 102


def test_the_interval_holds_between_two_requests():
    """An endpoint of one request a second is asked once a second."""
    now = [100.0]
    pace = Pace(interval=1.0, clock=lambda: now[0])
    assert pace.delay() == 0
    pace.note(remaining=None, limit=None, reset=None)
    now[0] = 100.25

    assert pace.delay() == 0.75


@given(st.floats(-10, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e12), st.sampled_from([0.0, 1.0]), st.floats(1, 1000))
def test_a_delay_is_bounded(remaining, limit, reset, interval, longest):
    """Whatever a header says, a delay is neither negative nor too long; with nothing left it is a day at most."""
    pace = Pace(interval=interval, longest=longest, clock=lambda: 100.0)
    pace.note(remaining=remaining, limit=limit, reset=reset)

    assert 0 <= pace.delay() <= (longest if remaining >= 1 else 86_401)
