"""Who calls for staff at a kiosk: a visitor, or a fault that needs hands.

A call stands until somebody has seen to it; nobody is called for half an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, insert, select, update

from server.offices import Office
from server.store.database import Transaction
from server.store.kiosks import Kiosk
from server.store.log import Cause, append
from server.tables import help_calls

ONE_CALL: Final = timedelta(seconds=60)
"""The same kiosk for the same reason so soon again is the same call."""
STANDS: Final = timedelta(minutes=30)
PEOPLE: Final = frozenset({"visitor", "button"})
"""A person who asks again after somebody has seen to it asks anew; a fault does not."""


class UnknownCall(LookupError):
    """There is no such call for help."""


@dataclass(frozen=True, slots=True)
class HelpCall:
    """One call; `at` is when it was made first. `ended_by` is `user:NAME` or `kiosk:ID`
    (the fault is gone), None while it stands."""

    id: int
    office: str
    kiosk: str
    reason: str
    at: datetime
    ended_by: str | None
    ended_at: datetime | None


def call(tx: Transaction, office: str, kiosk: str, reason: str, at: datetime) -> None:
    """Somebody is wanted at the kiosk; the same call made again is still one."""
    reason = reason[:80]
    mine = (help_calls.c.kiosk == kiosk) & (help_calls.c.reason == reason)
    last = (
        tx.connection.execute(
            select(help_calls).where(mine).order_by(help_calls.c.id.desc()).limit(1)
        )
        .mappings()
        .one_or_none()
    )
    if last is not None and _same(last, at):
        tx.connection.execute(
            update(help_calls)
            .where(help_calls.c.id == last["id"])
            .values(last_at=max(at, last["last_at"]))
        )
        return
    tx.connection.execute(
        insert(help_calls),
        {"office": office, "kiosk": kiosk, "reason": reason, "at": at, "last_at": at},
    )
    tx.help_changed.add(office)


def open_calls(
    connection: Connection, offices: frozenset[str], now: datetime
) -> list[HelpCall]:
    """What nobody has seen to yet at these offices, oldest first."""
    rows = connection.execute(
        select(help_calls)
        .where(
            help_calls.c.office.in_(sorted(offices)),
            help_calls.c.ended_at.is_(None),
            help_calls.c.last_at > now - STANDS,
        )
        .order_by(help_calls.c.at, help_calls.c.id)
    ).mappings()
    return [_call(row) for row in rows]


def read_call(connection: Connection, id: int) -> HelpCall:
    """The call of that id; UnknownCall if there is none."""
    row = connection.execute(select(help_calls).where(help_calls.c.id == id))
    found = row.mappings().one_or_none()
    if found is None:
        raise UnknownCall(f"there is no call for help {id}")
    return _call(found)


def seen(tx: Transaction, office: Office, id: int, cause: Cause) -> HelpCall:
    """Somebody has seen to it; the first who said so stays named."""
    known = read_call(tx.connection, id)
    if known.ended_at is not None:
        return known
    _end(tx, id, cause.actor)
    append(
        tx,
        "help_seen",
        cause,
        office=office.id,
        day=office.day(tx.now),
        payload={"call": id, "kiosk": known.kiosk, "reason": known.reason},
    )
    tx.help_changed.add(office.id)
    return read_call(tx.connection, id)


def follow_state(
    tx: Transaction,
    kiosk: Kiosk,
    before: dict[str, Any] | None,
    state: dict[str, Any],
) -> None:
    """A fault that came calls for help, one that went needs none any more."""
    was, is_now = _fault(before), _fault(state)
    if was == is_now:
        return
    if was is not None:
        _end_all(tx, kiosk, was)
    if is_now is not None:
        call(tx, kiosk.office, kiosk.id, is_now, tx.now)


def _same(last: RowMapping, at: datetime) -> bool:
    soon = abs(at - last["last_at"]) < ONE_CALL
    return soon and (last["ended_at"] is None or last["reason"] not in PEOPLE)


def _fault(state: dict[str, Any] | None) -> str | None:
    printer = (state or {}).get("printer", {})
    return (printer["code"] or "error") if printer.get("level") == "fault" else None


def _end_all(tx: Transaction, kiosk: Kiosk, reason: str) -> None:
    ids = tx.connection.execute(
        select(help_calls.c.id).where(
            help_calls.c.kiosk == kiosk.id,
            help_calls.c.reason == reason,
            help_calls.c.ended_at.is_(None),
        )
    ).scalars()
    for id in ids.all():
        _end(tx, id, f"kiosk:{kiosk.id}")
        tx.help_changed.add(kiosk.office)


def _end(tx: Transaction, id: int, by: str) -> None:
    tx.connection.execute(
        update(help_calls)
        .where(help_calls.c.id == id)
        .values(ended_at=tx.now, ended_by=by)
    )


def _call(row: RowMapping) -> HelpCall:
    return HelpCall(
        row["id"],
        row["office"],
        row["kiosk"],
        row["reason"],
        row["at"],
        row["ended_by"],
        row["ended_at"],
    )
