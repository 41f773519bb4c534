"""What an office learned from its own past: how long things take there.

All durations are minutes. A pool of few observations is completed by a prior, so that
an office without history already gives figures (`docs/queue-rules.md`, The estimate).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Final

ENOUGH: Final = 200
"""From this many observations on, a pool needs no prior."""
TABLE: Final = 128
"""A full pool is kept as its values at the quantiles (i + ½) / 128."""
GAP_CAP: Final = 90.0
_FEW: Final = 4 / TABLE


@dataclass(frozen=True, slots=True)
class Pool:
    """Durations in rising order, `sums[i]` being the sum of the first i of them."""

    values: tuple[float, ...]
    sums: tuple[float, ...]

    @property
    def mean(self) -> float:
        return self.sums[-1] / len(self.values)

    def remaining(self, elapsed: float) -> float:
        """The mean of what lies above `elapsed`, minus `elapsed`; never negative."""
        size = len(self.values)
        below = bisect_right(self.values, elapsed)
        if (size - below) / size < _FEW:
            return max(1.5, 0.3 * elapsed)
        return (self.sums[-1] - self.sums[below]) / (size - below) - elapsed

    def within(self, elapsed: float) -> float:
        """The mean of min(duration, elapsed): the part of it to expect by then."""
        size = len(self.values)
        below = bisect_right(self.values, elapsed)
        return (self.sums[below] + elapsed * (size - below)) / size


@dataclass(frozen=True, slots=True)
class PastService:
    """One occupancy of a counter by someone who came: call to finish or hold, minutes.

    `resumed`: it continued a visit that had been on hold.
    """

    procedure: str
    fast: bool
    minutes: float
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class PastForecast:
    """What was forecast at issue and what it became: minutes from issue to call."""

    forecast: float
    actual: float


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything learned, made once a night by `learn`; see there."""

    services: Mapping[tuple[str, bool], Pool]
    resumed: Mapping[str, Pool]
    gap: Pool
    lateness: float
    more_work: float
    past: tuple[PastForecast, ...]


def learn(
    expected_minutes: Mapping[str, float],
    services: Iterable[PastService] = (),
    gaps: Iterable[float] = (),
    lateness: Iterable[float] = (),
    past: Iterable[PastForecast] = (),
) -> Knowledge:
    """Fill the pools from the last 30 business days.

    `expected_minutes` per procedure comes from the catalogue. `gaps`: from a finish to
    the next call at that counter, where somebody waited for it at the finish and no
    planned closure lies between. `lateness`: minutes from the end of a planned closure
    to the reopening. `past`: forecasts at issue whose outcome is known.
    """
    found: dict[tuple[str, bool], list[float]] = {}
    again: dict[str, list[float]] = {}
    for one in services:
        if one.resumed:
            again.setdefault(one.procedure, []).append(one.minutes)
        else:
            found.setdefault((one.procedure, one.fast), []).append(one.minutes)
    first = sum(sum(minutes) for minutes in found.values())
    later = sum(sum(minutes) for minutes in again.values())
    late = list(lateness)
    return Knowledge(
        services={
            (procedure, fast): _pool(
                found.get((procedure, fast), []), minutes * (0.8 if fast else 1), 0.7
            )
            for procedure, minutes in expected_minutes.items()
            for fast in (False, True)
        },
        resumed={
            procedure: _pool(again.get(procedure, []), 0.5 * minutes, 0.7)
            for procedure, minutes in expected_minutes.items()
        },
        gap=_pool([min(gap, GAP_CAP) for gap in gaps], 1, 1),
        lateness=(sum(late) + 6) / (len(late) + 2),
        more_work=1 + (later / first if first else 0),
        past=tuple(sorted(past, key=lambda one: one.forecast)),
    )


def _pool(observed: list[float], mean: float, cv: float) -> Pool:
    if len(observed) >= ENOUGH:
        rising = sorted(observed)
        step = len(rising) / TABLE
        values = tuple(rising[int((i + 0.5) * step)] for i in range(TABLE))
    else:
        spread = sqrt(log(1 + cv * cv))
        middle = log(mean) - spread * spread / 2
        prior = (exp(middle + spread * z) for z in _normal_points())
        values = tuple(sorted([*observed, *prior]))
    return Pool(values, (0.0, *accumulate(values)))


@cache
def _normal_points() -> tuple[float, ...]:
    """Ten standard normal quantiles: 0.05, 0.15 … 0.95."""
    return tuple(NormalDist().inv_cdf((i + 0.5) / 10) for i in range(10))
