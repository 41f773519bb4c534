"""How figures, ranges, times and names are said; the same words on screen, paper, page.

A wait is always said as a range and never promised: `まもなく` up to five minutes, a
range up to two hours, above that only that it is long. Two hours is where the pages of
other wards stop counting as well.
"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final

from language.words import FIRST, Words

SOON: Final = 5
"""Up to so many minutes the wait is said as `soon`."""

LONG: Final = 120
"""From so many minutes on the wait is said as `two hours or more`."""


def range_text(words: Words, low: int | None, high: int | None) -> str:
    """A wait in whole minutes as words: `10〜20分`, `10–20 min`.

    None at either end says `不明`: one end alone would read as a promise.
    """
    if low is None or high is None:
        return words.text("common.wait.unknown")
    if not 0 <= low <= high:
        raise ValueError(f"a wait from {low} to {high} minutes is not a range")
    if high <= SOON:
        return words.text("common.wait.soon")
    if low >= LONG:
        return words.text("common.wait.long", hours=LONG // 60)
    if low == 0:
        return words.text("common.wait.within", high=high)
    if low == high:
        return words.text("common.wait.about", minutes=low)
    return words.text("common.wait.range", low=low, high=high)


def wait_line(
    words: Words, waiting: int | None, low: int | None, high: int | None
) -> str:
    """People waiting and the wait as one line: `待ち 5人・10〜20分`.

    None is what nobody knows just now (no figures from the server); nothing known at
    all is one short `不明`, never a zero.
    """
    known_range = low is not None and high is not None
    if waiting is None and not known_range:
        return words.text("common.wait.nothing_known")
    wait = range_text(words, low, high)
    if waiting is None:
        return words.text("common.wait.time_only", wait=wait)
    if not known_range:
        return words.text("common.wait.people_only", people=people_text(words, waiting))
    return words.text("common.wait.line", people=people_text(words, waiting), wait=wait)


def people_text(words: Words, waiting: int) -> str:
    """So many people waiting: `待ち 5人`, `5 waiting`."""
    return words.text("common.wait.people", waiting=waiting)


def clock_text(words: Words, at: time | datetime, *, seconds: bool = False) -> str:
    """A local time of day, 24 hours: `9:05`, with seconds `9:05:07`."""
    if seconds:
        return words.text(
            "common.clock.seconds",
            hour=at.hour,
            minute=f"{at.minute:02d}",
            second=f"{at.second:02d}",
        )
    return words.text("common.clock.minutes", hour=at.hour, minute=f"{at.minute:02d}")


def pick(names: Mapping[str, str], language: str) -> str:
    """The name in that language, else in Japanese, else the first, else nothing."""
    for wanted in (language, FIRST):
        if names.get(wanted):
            return names[wanted]
    return next(iter(names.values()), "")
