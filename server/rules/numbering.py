"""Which numbers of a series a kiosk gets: short runs in turn, reserves from the top.

Numbers are labels, not identities: a series that is used up comes round, passing over
those still in use. Blocked are, for the caller to collect: numbers of open tickets, of
tickets closed less than 60 minutes ago, of live leases and of reserves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from protocol.catalogue import Series

REST: Final = timedelta(minutes=60)
"""How long the number of an ended ticket is not given out again."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """The numbers `first` to `last`, all of them free.

    `next_cursor` is where the next run starts looking (`series.last + 1`: it will come
    round). `rounds` is 1 if the series came round before `first`, else 0.
    """

    first: int
    last: int
    next_cursor: int
    rounds: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class SeriesExhausted(Exception):
    """No number of the series is free: the kiosk must say so and call staff."""

    def __init__(self, series: Series) -> None:
        super().__init__(
            f"all {series.size} numbers of series {series.id} are in use;"
            " enlarge it or close tickets that have ended"
        )
        self.series = series


def allocate_run(
    series: Series, *, cursor: int, blocked: Iterable[int | range], count: int
) -> Allocation:
    """The first free numbers from `cursor` on, one after another, at most `count`.

    Fewer when a blocked number or the end of the series stands in the way, never none:
    SeriesExhausted. `cursor` from `series.first` to `series.last + 1`.
    """
    _check(series, count)
    if not series.first <= cursor <= series.last + 1:
        raise ValueError(f"cursor {cursor} is not in series {series.id}")
    taken = _numbers(blocked)
    for rounds, start, end in (
        (0, cursor, series.last),
        (1, series.first, cursor - 1),
    ):
        for first in range(start, end + 1):
            if first not in taken:
                last = first
                while (
                    last < series.last
                    and last - first + 1 < count
                    and last + 1 not in taken
                ):
                    last += 1
                return Allocation(first, last, last + 1, rounds)
    raise SeriesExhausted(series)


def allocate_reserve(
    series: Series, *, blocked: Iterable[int | range], count: int
) -> Allocation:
    """A range to set aside for one kiosk on every day, as high in the series as fits.

    If `count` numbers fit nowhere in one piece, the widest free range, the highest of
    equals; if there is none, SeriesExhausted. Leaves the cursor alone: `next_cursor` is
    the number after the range, `rounds` 0.
    """
    _check(series, count)
    taken = _numbers(blocked)
    best: tuple[int, int] | None = None
    last = series.last
    while last >= series.first:
        if last in taken:
            last -= 1
            continue
        first = last
        while (
            first > series.first and last - first + 1 < count and first - 1 not in taken
        ):
            first -= 1
        if best is None or last - first > best[1] - best[0]:
            best = (first, last)
        if last - first + 1 == count:
            break
        last = first - 1
    if best is None:
        raise SeriesExhausted(series)
    return Allocation(best[0], best[1], best[1] + 1, 0)


def _check(series: Series, count: int) -> None:
    if count < 1:
        raise ValueError(f"cannot lease {count} numbers of series {series.id}")


def _numbers(blocked: Iterable[int | range]) -> set[int]:
    taken: set[int] = set()
    for one in blocked:
        taken.update(one if isinstance(one, range) else (one,))
    return taken
