"""How long one waits: 待ち時間 and its range, from one pass of the office forward.

The one deterministic pass with mean durations (`play`) gives a point for everybody who
waits and for who would come now; a range is put around it, rounded outwards to five
minutes. Pure and cheap: a few milliseconds for a whole office. Minutes throughout.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from math import ceil, floor
from typing import Final, Literal
from uuid import UUID

from server.rules.calling import GroupRule, deadline
from server.rules.play import CAP, Line, never, newcomer, play
from server.rules.pools import Knowledge, PastForecast
from server.rules.staffing import CounterState, desks, paces, staffed
from server.rules.ticket import Ticket

Lane = Literal["ordinary", "fast"]
Range = tuple[int, int]

LANES: Final[tuple[Lane, ...]] = ("ordinary", "fast")
STALE: Final = timedelta(minutes=10)
NEIGHBOURS: Final = 250
"""So many past forecasts of about the same size give the range."""


@dataclass(frozen=True, slots=True)
class OfficeState:
    """One office now, as the events of today left it at `as_of`.

    `groups`: procedure to its group, for every procedure that issues tickets.
    `waiting`: its waiting tickets (those that may not be called are passed over).
    `runs`, `rules`: by group. `fast_rate`: fast-lane tickets per minute to be expected
    from now on, by procedure. Procedures in here must be known to the Knowledge.
    """

    as_of: datetime
    groups: Mapping[str, str]
    counters: tuple[CounterState, ...]
    waiting: tuple[Ticket, ...]
    runs: Mapping[str, int]
    rules: Mapping[str, GroupRule]
    fast_rate: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Minutes until the call: of each callable ticket, and of who would come now.

    None is 不明, unknown: nobody serves it, or no end is in sight.
    """

    tickets: Mapping[UUID, float | None]
    tail: Mapping[tuple[str, Lane], float | None]


def estimate(
    state: OfficeState, known: Knowledge, now: datetime
) -> dict[tuple[str, Lane], Range | None]:
    """待ち時間 for somebody who takes a ticket now: (low, high), None is 不明.

    For a procedure whose tickets are all of the fast lane, show its `fast` range.
    """
    tail = outlook(state, known, now).tail
    return {key: shown(minutes, known.past) for key, minutes in tail.items()}


def fifo_forecast(
    state: OfficeState, known: Knowledge, now: datetime
) -> dict[str, float | None]:
    """E₀ per procedure: the wait of who comes now if all lanes were one queue.

    CAP where no end is in sight: a deadline must not come sooner for a longer queue.
    None where nothing is known.
    """
    last = never(now)
    callable_now = [ticket for ticket in state.waiting if ticket.callable]
    ordinary = [
        replace(ticket, preapplied=False, urgent=False, deadline=last)
        for ticket in callable_now
    ]
    tails = {
        procedure: newcomer(key, procedure, group, now, last, fast=False)
        for key, (procedure, group) in enumerate(state.groups.items())
    }
    line = Line(
        now,
        [*ordinary, *tails.values()],
        probes={tail.id for tail in tails.values()},
        short={ticket.id for ticket in callable_now if ticket.preapplied},
        runs={},
        rules=state.rules,
        groups=state.groups,
        rates={},
    )
    waits = _waits(line, state, known)
    unknown = _unknown(state, now)
    return {p: None if p in unknown else waits.get(t.id, CAP) for p, t in tails.items()}


def outlook(state: OfficeState, known: Knowledge, now: datetime) -> Outlook:
    """The points around which the ranges are put."""
    first = fifo_forecast(state, known, now)
    key = count()
    tails = {
        (procedure, lane): newcomer(
            next(key),
            procedure,
            group,
            now,
            deadline(now, state.rules[group], first[procedure]),
            fast=lane == "fast",
        )
        for procedure, group in state.groups.items()
        for lane in LANES
    }
    waiting = [ticket for ticket in state.waiting if ticket.callable]
    everybody = [*waiting, *tails.values()]
    line = Line(
        now,
        everybody,
        probes={tail.id for tail in tails.values()},
        short={ticket.id for ticket in everybody if ticket.preapplied},
        runs=state.runs,
        rules=state.rules,
        groups=state.groups,
        rates=state.fast_rate,
    )
    waits = _waits(line, state, known)
    unknown = _unknown(state, now)

    def point(ticket: Ticket) -> float | None:
        return None if ticket.procedure in unknown else waits.get(ticket.id)

    return Outlook(
        tickets={ticket.id: point(ticket) for ticket in waiting},
        tail={key: point(tail) for key, tail in tails.items()},
    )


def shown(minutes: float | None, past: tuple[PastForecast, ...] = ()) -> Range | None:
    """The range to publish for a forecast of so many minutes, rounded outwards to 5."""
    if minutes is None:
        return None
    low, high = spread(minutes, past)
    return 5 * floor(low / 5), 5 * ceil(high / 5)


def spread(minutes: float, past: tuple[PastForecast, ...] = ()) -> tuple[float, float]:
    """Low and high, 10 % and 90 %, unrounded.

    From the errors of the 250 past forecasts nearest in value (`past` in rising order
    of forecast), or, until there are so many, from a table by size.
    """
    if len(past) >= NEIGHBOURS:
        errors = sorted(one.actual - one.forecast for one in _nearest(minutes, past))
        low, high = (minutes + _quantile(errors, level) for level in (0.1, 0.9))
        return max(0.0, low), max(0.0, high)
    if minutes < 10:
        return 0.0, max(4.0, 1.6 * minutes)
    if minutes < 20:
        return 0.35 * minutes, 1.65 * minutes
    if minutes < 40:
        return 0.6 * minutes, 1.6 * minutes
    return 0.75 * minutes, 1.3 * minutes


def _waits(line: Line, state: OfficeState, known: Knowledge) -> dict[UUID, float]:
    pace = paces(state.counters, known, line.now)
    return play(line, desks(state.counters, known, line.now, pace), known)


def _unknown(state: OfficeState, now: datetime) -> set[str]:
    """Procedures nothing can be said about: stale news, or no counter."""
    if now - state.as_of > STALE:
        return set(state.groups)
    served: set[str] = set()
    for counter in state.counters:
        if staffed(counter, now):
            served |= counter.procedures
    return set(state.groups) - served


def _nearest(
    minutes: float, past: tuple[PastForecast, ...]
) -> tuple[PastForecast, ...]:
    """The NEIGHBOURS forecasts nearest in value: they stand side by side."""
    high = bisect_left(past, minutes, key=lambda one: one.forecast)
    low = high
    while high - low < NEIGHBOURS:
        below = minutes - past[low - 1].forecast if low > 0 else None
        above = past[high].forecast - minutes if high < len(past) else None
        if above is None or (below is not None and below <= above):
            low -= 1
        else:
            high += 1
    return past[low:high]


def _quantile(rising: list[float], level: float) -> float:
    """At the plotting position i / (n + 1)."""
    at = level * (len(rising) + 1) - 1
    below = min(max(floor(at), 0), len(rising) - 1)
    above = min(below + 1, len(rising) - 1)
    return rising[below] + (at - below) * (rising[above] - rising[below])
