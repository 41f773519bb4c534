"""Which number comes next, and when to ask the server for more.

The server leases numbers of a series: a `run` for one business day, a `reserve` that
starts afresh on every business day. Runs are short and topped up ahead of need, so that
the numbers of several kiosks stay near the order of arrival; the reserve is for the
time when the server cannot be reached.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from protocol.messages import ClockTrust, LeaseKind

RUN = 30
"""Numbers in one run: about half an hour of one busy series."""
LOW = 0.4
"""A new run is asked for when less than this part of one is left: ahead of need."""
RESERVE = 50
"""Numbers in a reserve: what one series needs on a morning without network."""

MOST: Final = 999
"""The protocol has no larger request for numbers."""

TRUSTED: frozenset[ClockTrust] = frozenset({"server", "ntp", "rtc"})
"""Levels at which the kiosk knows what day it is, and may print the time."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A lease as it stands on one day. `used`: the highest number taken on it."""

    lease: UUID
    series: str
    kind: LeaseKind
    first: int
    last: int
    day: date | None = None
    used: int | None = None

    @property
    def next(self) -> int:
        return self.first if self.used is None else self.used + 1

    @property
    def left(self) -> int:
        return max(0, self.last - self.next + 1)


@dataclass(frozen=True, slots=True)
class Need:
    """Numbers to ask the server for."""

    series: str
    kind: LeaseKind
    count: int


def counts_on(holding: Holding, day: date) -> bool:
    """A run counts only on its own day, a reserve on every day."""
    return holding.kind == "reserve" or holding.day == day


def choose(
    holdings: Iterable[Holding], day: date, *, trust: ClockTrust
) -> Holding | None:
    """The lease to take the next number from, oldest first; None if all are used up.

    Runs come first. While the clock is not trusted, the day is only believed: the
    numbers of a run may already be another kiosk's, those of the reserve never are. So
    then the reserve comes first, and a run only when nothing else is left.
    """
    usable = [h for h in holdings if counts_on(h, day) and h.left]
    preferred = "run" if trust in TRUSTED else "reserve"
    return min(usable, key=lambda h: h.kind != preferred, default=None)


def left(holdings: Iterable[Holding], day: date) -> int:
    """How many numbers can still be issued on that day."""
    return sum(h.left for h in holdings if counts_on(h, day))


def needs(
    series: str,
    size: int,
    holdings: Iterable[Holding],
    day: date,
    *,
    reserve: int | None = None,
) -> Iterator[Need]:
    """What to ask for now; `size` is how many numbers the whole series has.

    In a small series a kiosk asks for less, so that one kiosk cannot dry it out. With
    `reserve` it asks for that many: the office knows best how many visitors come on a
    day without network. The server grants less where that is too much.
    """
    held = [h for h in holdings if counts_on(h, day)]
    runs = sum(h.left for h in held if h.kind == "run")
    run = max(1, min(RUN, size // 8))
    if runs < max(1, run * LOW):
        yield Need(series, "run", run)
    if not any(h.kind == "reserve" for h in held):
        wanted = min(RESERVE, size // 8) if reserve is None else min(reserve, MOST)
        yield Need(series, "reserve", max(1, wanted))


def day_at(
    said: date, *, trust: ClockTrust, last: date | None, trusted: date | None
) -> date:
    """The business day to work on when the clock says `said`.

    It never runs back: not before `last`, the last day worked on, while the clock is
    not trusted, and never before `trusted`, the last day a trusted clock confirmed. So
    a day that only a wild clock claimed is taken back, one that was real is not.
    """
    floor = trusted if trust in TRUSTED else last
    return said if floor is None else max(said, floor)
