"""Figures: what was found, what was wanted, and how a crowd of times becomes one.

Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure is good up to `limit`, or from it on when `way` is `least`."""

    way: Literal["most", "least"]
    limit: float
    unit: str

    def met(self, found: float) -> bool:
        return found <= self.limit if self.way == "most" else found >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.way == 'most' else '≥'} {figure(self.limit)} {self.unit}"


@dataclass(frozen=True, slots=True)
class Measure:
    """One row: `found` in the goal's unit, or in `unit` where there is no goal."""

    what: str
    found: float
    unit: str
    goal: Goal | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "met" if self.goal.met(self.found) else "MISSED"


def most(limit: float, unit: str) -> Goal:
    return Goal("most", limit, unit)


def least(limit: float, unit: str) -> Goal:
    return Goal("least", limit, unit)


def against(goal: Goal, what: str, found: float, note: str = "") -> Measure:
    """A measure that has a goal; its unit is the goal's."""
    return Measure(what, found, goal.unit, goal, note)


def percentile(values: Iterable[float], part: float) -> float:
    """The smallest value that at least `part` (0 to 1) of all do not exceed.

    By rank, never between two values: every answer was really seen. ValueError if
    there is nothing to choose from.
    """
    ranked = sorted(values)
    if not ranked:
        raise ValueError("no values, so no percentile")
    return ranked[max(1, ceil(part * len(ranked))) - 1]


def median(values: Sequence[float]) -> float:
    """The middle one; of an even number the lower of both."""
    return percentile(values, 0.5)


def figure(value: float) -> str:
    """Three digits that matter, thousands set apart: 0.0123, 12.3, 5,210."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    text = f"{value:.{digits}f}" if abs(value) >= 0.01 else f"{value:.2g}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
