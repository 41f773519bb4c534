"""A ticket as the staff's programs see it, and the order in which they see them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from server.rules.calling import GroupRule, choose_next, place
from server.rules.ticket import OPEN, State, Ticket
from server.store.queue import Listed


def row(listed: Listed) -> dict[str, Any]:
    """One ticket of the staff API: the contract's fields first, then what helps."""
    ticket = listed.ticket
    return {
        "id": str(ticket.id),
        "label": ticket.label,
        "procedure": ticket.procedure,
        "state": ticket.state.value,
        "preapplied": ticket.preapplied,
        "verified": ticket.verified,
        "print": ticket.print,
        "issued_at": instant(ticket.issued_at),
        "counter": ticket.counter,
        "version": ticket.version,
        "office": ticket.office,
        "day": ticket.day.isoformat(),
        "group": ticket.group,
        "urgent": ticket.urgent,
        "deadline": instant(ticket.deadline),
        "rule": listed.rule or None,
        "calls": ticket.calls,
        "called_at": instant(ticket.called_at),
        "appeared_at": instant(ticket.appeared_at),
        "ended_at": instant(ticket.ended_at),
        "hold_owner": ticket.hold_owner,
        "hold_reason": ticket.hold_reason,
        "hold_until": instant(ticket.hold_until),
        "note": ticket.note,
        "language": ticket.language,
        "kiosk": ticket.kiosk,
        "leg": ticket.leg,
    }


def rows(
    found: Iterable[Listed],
    *,
    served: frozenset[str],
    runs: Mapping[str, int],
    rules: Mapping[str, GroupRule],
    now: datetime,
) -> list[dict[str, Any]]:
    """Whom call-next would call comes first, then who after that; `ahead` counts them.

    Behind the callable ones: waiting without paper, at a counter, parked, ended.
    """
    everybody = {listed.ticket.id: listed for listed in found}
    line = called_order(
        [one.ticket for one in everybody.values()],
        served=served,
        runs=runs,
        rules=rules,
        now=now,
    )
    ranked = [
        {**row(everybody[ticket.id]), "ahead": ahead}
        for ahead, ticket in enumerate(line)
    ]
    callable_ids = {ticket.id for ticket in line}
    rest = sorted(
        (one for one in everybody.values() if one.ticket.id not in callable_ids),
        key=lambda one: (_rank(one.ticket), place(one.ticket)),
    )
    return ranked + [{**row(one), "ahead": None} for one in rest]


def called_order(
    tickets: Iterable[Ticket],
    *,
    served: frozenset[str],
    runs: Mapping[str, int],
    rules: Mapping[str, GroupRule],
    now: datetime,
) -> list[Ticket]:
    """The callable tickets in the order in which one counter would call them now.

    Asks the rule again and again, but shows it only who can be chosen: the head of each
    lane, the oldest urgent, the earliest deadline.
    """
    lanes: dict[object, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.procedure not in served or not ticket.callable:
            continue
        lanes.setdefault((ticket.group, ticket.preapplied), []).append(ticket)
        if ticket.urgent:
            lanes.setdefault("urgent", []).append(ticket)
        if ticket.deadline <= now:
            lanes.setdefault("late", []).append(ticket)
    for name, lane in lanes.items():
        # The next one stands last, so that taking it costs nothing.
        lane.sort(
            key=lambda t: (t.deadline, *place(t)) if name == "late" else place(t),
            reverse=True,
        )
    count, called, line = dict(runs), set[Any](), list[Ticket]()
    while True:
        heads = {}
        for lane in lanes.values():
            while lane and lane[-1].id in called:
                lane.pop()
            if lane:
                heads[lane[-1].id] = lane[-1]
        choice = choose_next(
            heads.values(), served=served, runs=count, rules=rules, now=now
        )
        if choice is None:
            return line
        line.append(choice.ticket)
        called.add(choice.ticket.id)
        if choice.run is not None:
            count[choice.ticket.group] = choice.run


def instant(at: datetime | None) -> str | None:
    """An instant of the wire: UTC with offset."""
    return None if at is None else at.isoformat(timespec="milliseconds")


def as_json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


_RANKS = (
    State.WAITING,
    State.CALLED,
    State.SERVING,
    State.ABSENT,
    State.ON_HOLD,
)


def _rank(ticket: Ticket) -> int:
    return _RANKS.index(ticket.state) if ticket.state in OPEN else len(_RANKS)
