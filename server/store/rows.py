"""Tickets as rows and as JSON: the two forms in which the database keeps them."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping

from server.rules.ticket import State, Ticket

FIELDS: Final = tuple(field.name for field in fields(Ticket))
_INSTANTS: Final = frozenset(
    {
        "issued_at",
        "order_key",
        "deadline",
        "called_at",
        "announced_at",
        "appeared_at",
        "ended_at",
        "hold_until",
        "previous_call_at",
    }
)
_STATES: Final = frozenset({"state", "before"})
_READ_JSON: Final[Mapping[str, Callable[[Any], Any]]] = {
    "id": UUID,
    "day": date.fromisoformat,
    **dict.fromkeys(_INSTANTS, datetime.fromisoformat),
    **dict.fromkeys(_STATES, State),
}


def ticket_of(row: RowMapping) -> Ticket:
    """The ticket in a row of `tickets`."""
    values = {name: row[name] for name in FIELDS}
    values["state"] = State(values["state"])
    if values["before"] is not None:
        values["before"] = State(values["before"])
    return Ticket(**values)


def row_of(ticket: Ticket) -> dict[str, Any]:
    """The columns of `tickets` that are the ticket's own."""
    return {name: getattr(ticket, name) for name in FIELDS}


def changes(before: Ticket | None, after: Ticket) -> dict[str, Any]:
    """The fields that differ, as an event's payload has them; all for a new ticket."""
    return {
        name: to_json(getattr(after, name))
        for name in FIELDS
        if before is None or getattr(before, name) != getattr(after, name)
    }


def to_json(value: Any) -> Any:
    """A ticket's field as JSON; instants in UTC with offset."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def changed(before: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket's fields after an event's changes: one step of the fold."""
    values = dict(before)
    for name, value in payload.items():
        if name in FIELDS:
            read = _READ_JSON.get(name)
            values[name] = value if value is None or read is None else read(value)
    return values
