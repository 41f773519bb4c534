"""The business day the kiosk works on. Functions on an open transaction.

`core.numbers.day_at` has the rule: it never runs back, but for a day that only an
untrusted clock, or a clock and not the server, had claimed.
"""

from datetime import date

from kiosk import journal, leases, meta, tickets
from kiosk.clock import Moment
from kiosk.core.numbers import day_at
from kiosk.database import Connection
from protocol.day import business_day


def at(db: Connection, timezone: str, now: Moment) -> date:
    """The day at that moment; nothing is written."""
    return day_at(
        business_day(now.at, timezone),
        trust=now.trust,
        last=meta.day(db, "day"),
        trusted=meta.day(db, "trusted_day"),
    )


def begin(db: Connection, timezone: str, now: Moment) -> date:
    """The day, written down; a new one ends the runs of the old and tidies up."""
    day = at(db, timezone, now)
    if day != meta.day(db, "day"):
        meta.put(db, "day", day.isoformat())
        leases.end_past_runs(db, day)
        journal.prune(db)
        tickets.prune(db)
    if now.printable and day != meta.day(db, "trusted_day"):
        meta.put(db, "trusted_day", day.isoformat())
    return day


def take_back(db: Connection, granted: date, timezone: str, now: Moment) -> bool:
    """Go back to the day the server grants numbers for, if a trusted clock agrees.

    A clock that once ran a year ahead, be it the server's own, would otherwise leave
    the kiosk without runs for a year. Numbers used on the earlier day stay used.
    """
    ahead = granted < at(db, timezone, now)
    if not (ahead and now.printable and business_day(now.at, timezone) <= granted):
        return False
    meta.put(db, "day", granted.isoformat())
    meta.put(db, "trusted_day", granted.isoformat())
    return True
