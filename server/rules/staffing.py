"""The counters of this moment: how fast they are today and when each is next free.

Times inside are minutes from now; what comes in are aware instants.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from server.rules.pools import Knowledge, PastService

HORIZON: Final = 150.0
"""Minutes ahead within which a planned opening counts."""
_BEFORE_CLOSURE: Final = 20.0
_AFTER_CLOSURE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Serving:
    """Who is at a counter since the call. `resumed`: they came back from a hold."""

    procedure: str
    fast: bool
    since: datetime
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class CounterState:
    """One counter now.

    `last_finish`: when it last became free; `waited_then`: whether anyone it could have
    served was waiting at that moment. `closed_since`: when it closed, None if it was
    not open today. `opens_at`: when it is planned to open first. `closures`: planned
    times away, lunch included, each from the first instant to the last. `held`: the
    procedures of tickets on hold that this counter will resume. `done`: today's
    finished first occupancies, without those who did not come.
    """

    id: str
    procedures: frozenset[str]
    open: bool
    serving: Serving | None = None
    last_finish: datetime | None = None
    waited_then: bool = False
    closed_since: datetime | None = None
    opens_at: datetime | None = None
    closures: tuple[tuple[datetime, datetime], ...] = ()
    held: tuple[str, ...] = ()
    done: tuple[PastService, ...] = ()


def minutes_between(start: datetime, end: datetime) -> float:
    return (end - start) / timedelta(minutes=1)


def paces(
    counters: Iterable[CounterState], known: Knowledge, now: datetime
) -> dict[str, float]:
    """How long services take today, per counter, 1.0 being as usual.

    Observed over expected minutes, drawn towards the office's pace and that towards 1
    while little has been seen. A running service counts for what it has cost so far.
    """
    seen = {counter.id: _seen(counter, known, now) for counter in counters}
    observed = sum(o for o, _ in seen.values())
    expected = sum(m for _, m in seen.values())
    office = (observed + 180) / (expected + 180)
    return {id: (o + 90 * office) / (m + 90) for id, (o, m) in seen.items()}


def _seen(
    counter: CounterState, known: Knowledge, now: datetime
) -> tuple[float, float]:
    observed = sum(one.minutes for one in counter.done)
    expected = sum(known.services[one.procedure, one.fast].mean for one in counter.done)
    serving = counter.serving
    if serving is not None and not serving.resumed:
        elapsed = max(0.0, minutes_between(serving.since, now))
        observed += elapsed
        expected += known.services[serving.procedure, serving.fast].within(elapsed)
    return observed, expected


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter as it is played. `away`: planned closures, in minutes from now."""

    procedures: frozenset[str]
    pace: float
    free: float
    away: tuple[tuple[float, float], ...]
    late: float

    def back(self, at: float) -> float:
        """`at`, or the return from the planned closure that `at` falls into."""
        for start, end in self.away:
            if start <= at < end:
                return end + self.late
        return at


def desks(
    counters: Iterable[CounterState],
    known: Knowledge,
    now: datetime,
    pace: Mapping[str, float],
) -> list[Desk]:
    """The counters that will call again, with the minute each is next free."""
    found = []
    for counter in counters:
        away = tuple(
            (minutes_between(now, start), minutes_between(now, end))
            for start, end in counter.closures
        )
        free = _free(counter, known, now, pace[counter.id], away)
        if free is None:
            continue
        free += sum(known.resumed[p].mean * pace[counter.id] for p in counter.held)
        desk = Desk(counter.procedures, pace[counter.id], free, away, known.lateness)
        found.append(Desk(desk.procedures, desk.pace, desk.back(free), away, desk.late))
    return found


def staffed(counter: CounterState, now: datetime) -> bool:
    """Whether it is open, or planned to be within the horizon."""
    if counter.open:
        return True
    soon = now + timedelta(minutes=HORIZON)
    if counter.opens_at is not None and now <= counter.opens_at <= soon:
        return True
    before = timedelta(minutes=_BEFORE_CLOSURE)
    after = timedelta(minutes=_AFTER_CLOSURE)
    return any(
        start - before <= now < end + after and end <= soon
        for start, end in counter.closures
    )


def _free(
    counter: CounterState,
    known: Knowledge,
    now: datetime,
    pace: float,
    away: tuple[tuple[float, float], ...],
) -> float | None:
    """Minutes until the counter calls again; None if nothing says it will."""
    if not counter.open:
        return _reopening(counter, known, now, away)
    if counter.serving is not None:
        serving = counter.serving
        pool = (
            known.resumed[serving.procedure]
            if serving.resumed
            else known.services[serving.procedure, serving.fast]
        )
        elapsed = max(0.0, minutes_between(serving.since, now))
        return pool.remaining(elapsed / pace) * pace + known.gap.mean
    if counter.last_finish is not None and counter.waited_then:
        since = max(0.0, minutes_between(counter.last_finish, now))
        return known.gap.remaining(since)
    return 0.0


def _reopening(
    counter: CounterState,
    known: Knowledge,
    now: datetime,
    away: tuple[tuple[float, float], ...],
) -> float | None:
    for start, end in away:
        if start - _BEFORE_CLOSURE <= 0 < end:
            return end + known.lateness
        if -_AFTER_CLOSURE < end <= 0:
            return known.lateness
    if counter.opens_at is not None and counter.opens_at > now:
        return minutes_between(now, counter.opens_at) + 1
    if counter.closed_since is not None:
        return max(8.0, 0.5 * minutes_between(counter.closed_since, now))
    return None
