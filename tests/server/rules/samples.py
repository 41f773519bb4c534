"""Tickets and times for the tests of the rules."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings

from server.rules.ticket import Ticket

UNHURRIED = settings(deadline=None)
"""A busy machine makes no promise wrong."""

NINE = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
"""Nine in the morning in Japan, the first of April."""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def ticket(number: int = 1, at: float = 0, *, cap: float = 45, **own: Any) -> Ticket:
    """A printed ticket of moving, taken `at` minutes past nine, due `cap` later."""
    issued = own.pop("issued_at", NINE + minutes(at))
    given: dict[str, Any] = {
        "id": UUID(int=number),
        "office": "chuo",
        "day": date(2026, 4, 1),
        "procedure": "moving",
        "group": "resident",
        "series": "moving",
        "number": number,
        "label": f"B{number:03d}",
        "issued_at": issued,
        "order_key": issued,
        "deadline": issued + minutes(cap),
        "print": "printed",
    }
    return Ticket(**{**given, **own})


def fast(number: int = 1, at: float = 0, **own: Any) -> Ticket:
    """A fast-lane ticket of the same counters."""
    lane = {"procedure": "preapplied", "series": "preapplied", "preapplied": True}
    return ticket(number, at, **{**lane, "label": f"F{number:03d}", **own})
