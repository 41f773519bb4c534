"""The business day and the opening hours of an office, in its own time zone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from protocol.catalogue import Hours


def business_day(at: datetime, timezone: str) -> date:
    """The office's local calendar day at the aware instant `at`."""
    return at.astimezone(ZoneInfo(timezone)).date()


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether tickets are issued, and today's hours (`HH:MM`; empty if closed)."""

    state: Literal["open", "before", "after", "closed_today"]
    opens: str = ""
    closes: str = ""


def opening(hours: Hours, at: datetime, timezone: str) -> Opening:
    """Where the aware instant `at` lies in the office's hours."""
    local = at.astimezone(ZoneInfo(timezone))
    if local.weekday() not in hours.weekdays or local.date() in hours.closed_on:
        return Opening("closed_today")
    clock = local.strftime("%H:%M")
    if clock < hours.opens:
        return Opening("before", hours.opens, hours.closes)
    if clock >= hours.closes:
        return Opening("after", hours.opens, hours.closes)
    return Opening("open", hours.opens, hours.closes)
