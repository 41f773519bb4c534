"""Rate limits for the doors where guessing pays: log-in, enrolment, tokens, webhook."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

REMEMBERED: Final = 10_000


class TooMany(Exception):
    """Too many tries; `retry_after` whole seconds until the next is heard."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many tries; try again in {retry_after} seconds")
        self.retry_after = retry_after


class Limit:
    """At most `tries` per `window` and name; the oldest names are forgotten first."""

    def __init__(self, tries: int, window: timedelta) -> None:
        self._tries = tries
        self._window = window
        self._seen: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, name: str, now: datetime) -> None:
        """Raise TooMany if `name` has used up its tries; counts nothing."""
        with self._lock:
            recent = self._recent(name, now)
            if len(recent) >= self._tries:
                rest = recent[0] + self._window - now
                raise TooMany(max(1, -(-rest // timedelta(seconds=1))))

    def count(self, name: str, now: datetime) -> None:
        """One try of `name`."""
        with self._lock:
            self._seen[name] = [*self._recent(name, now), now][-self._tries :]
            self._seen.move_to_end(name)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def spend(self, name: str, now: datetime) -> None:
        """Check and count."""
        self.check(name, now)
        self.count(name, now)

    def _recent(self, name: str, now: datetime) -> list[datetime]:
        return [at for at in self._seen.get(name, ()) if at > now - self._window]
