"""Patience for one request: repeated a few times, with growing, jittered, cancellable pauses.

This is the inner level, for what passes within minutes. The outer level is the flow's task retry, which
starts again from the last stored page. Each client's own waiting is off, because it cannot be stopped.
"""

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from connectors.errors import Transient

T = TypeVar("T")
_MARGIN = 0.5
"""Seconds beyond a reset: clocks differ, and one fraction too early is one refusal."""
_FARTHEST_RESET = 86_400.0
"""Seconds; no platform has a longer limit, so a reset beyond it is a header that cannot be right."""


class Waiting:
    """How long to be patient with one request.

    A request is tried `attempts` times. The pause after the n-th failure is drawn from the upper half of
    `first * 2**n` seconds, at most `longest`. Where the platform names its own wish (`Transient.retry_after`)
    that wish is kept to, plus a little; a wish over `longest_wish` (a day's limit, for instance) is not
    waited for here but passed on. `sleep` returns True when the wait was cancelled, as `threading.Event.wait`
    does; tests give their own. `stop` cancels every pause, from any thread.
    """

    def __init__(
        self,
        *,
        attempts: int = 4,
        first: float = 1.0,
        longest: float = 60.0,
        longest_wish: float = 960.0,
        stop: threading.Event | None = None,
        sleep: Callable[[float], bool] | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        if attempts < 1 or first < 0 or longest < 0 or longest_wish < 0:
            raise ValueError("waiting needs at least one attempt and no negative pause")
        self.attempts, self.first, self.longest, self.longest_wish = attempts, first, longest, longest_wish
        self.stop = stop or threading.Event()
        self._sleep = sleep or self.stop.wait
        self._chance = chance

    def pause(self, seconds: float) -> None:
        """Wait, unless told to stop: then raise Transient, so that the window is taken up again later."""
        cancelled = self.stop.is_set() or (seconds > 0 and self._sleep(seconds))
        if cancelled:
            raise Transient("stopped while waiting")

    def pause_after(self, failure: int, wish: float | None) -> float:
        """Return the seconds to wait after failure number `failure` (from 0), given the platform's `wish`."""
        if wish is not None:
            return max(0.0, wish) + self._chance()
        full = min(self.longest, self.first * 2.0 ** min(failure, 30))
        return full * (0.5 + self._chance() / 2)

    def retried(self, request: Callable[[], T], pace: "Pace | None" = None) -> T:
        """Return what `request` returns, repeating it while it raises Transient and patience lasts.

        Each attempt keeps to `pace`. A wish over `longest_wish` closes it: until then nobody asks again.
        """
        for failure in range(self.attempts):
            try:
                if pace is not None:
                    self._keep_to(pace)
                return request()
            except Transient as error:
                wish = error.retry_after
                if wish is not None and wish > self.longest_wish:
                    if pace is not None:
                        pace.close(wish)
                    raise
                if failure == self.attempts - 1:
                    raise
                self.pause(self.pause_after(failure, wish))
        raise AssertionError("unreachable: attempts is at least one")

    def _keep_to(self, pace: "Pace") -> None:
        delay = pace.delay()
        if delay > self.longest_wish:
            when = datetime.fromtimestamp(pace.reset, UTC)
            raise Transient(f"the limit is used up until {when:%Y-%m-%d %H:%M} UTC", retry_after=delay)
        self.pause(delay)


class Pace:
    """Slows down before a platform has to refuse, from its rate-limit headers.

    While more than `free` of a limit is left nothing is waited for. Below it, what is left is spread over
    the time until the reset, at most `longest` seconds a request; with nothing left it is the whole of that time.
    `interval` is the least number of seconds between two requests.
    """

    def __init__(
        self,
        *,
        free: float = 0.1,
        interval: float = 0.0,
        longest: float = 960.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._free, self._interval, self._longest, self._clock = free, interval, longest, clock
        self._remaining: float | None = None
        self._limit: float | None = None
        self._last: float | None = None
        self.reset = 0.0
        """The epoch second from which a limit begins anew."""

    def note(self, *, remaining: float | None, limit: float | None, reset: float | None) -> None:
        """Note an answer: requests left, requests in all, and the epoch second of the reset, where given."""
        self._last = self._clock()
        if remaining is None or reset is None:
            self._remaining = None
        else:
            self._remaining, self._limit = remaining, limit
            self.reset = min(reset, self._last + _FARTHEST_RESET)

    def close(self, seconds: float) -> None:
        """Note that nothing may be asked for so many seconds."""
        self._remaining, self.reset = 0.0, self._clock() + min(seconds, _FARTHEST_RESET)

    def delay(self) -> float:
        """Return the seconds to wait before the next request."""
        now = self._clock()
        since_last = self._interval - (now - self._last) if self._last is not None else 0.0
        return max(0.0, since_last, self._spread(now))

    def _spread(self, now: float) -> float:
        left = self.reset - now
        if self._remaining is None or left <= 0:
            return 0.0
        if self._remaining < 1:
            return left + _MARGIN
        if not self._limit or self._remaining > self._free * self._limit:
            return 0.0
        return min(self._longest, left / (self._remaining + 1))
