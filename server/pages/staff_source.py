"""The staff console's model, from the live queue and the rule of calling."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from server.hall import Hall
from server.listing import called_order
from server.live import Scene
from server.offices import Office, Offices
from server.pages.source import counter_number
from server.pages.staff_view import (
    CounterChoice,
    Lane,
    OfficeChoice,
    StaffPage,
    StaffPanel,
    StaffTicket,
)
from server.rules.calling import place
from server.rules.lifecycle import UNDO_WITHIN
from server.rules.ticket import State, Ticket
from server.store.users import User

SHOWN = 60
"""A longer list would only be scrolled past; numbers behind it can still be typed."""


def staff_page(hall: Hall, user: User, counter: str | None, now: datetime) -> StaffPage:
    """The console at that counter, or the choice of one if None."""
    choices = _choices(hall.offices, user)
    if counter is None:
        return StaffPage(user.name, {}, choices, None, now)
    office = hall.offices.of_counter(counter)
    return StaffPage(
        user=user.name,
        office_name=office.catalogue.name,
        offices=choices,
        panel=staff_panel(hall, counter, now),
        now=now,
    )


def staff_panel(hall: Hall, counter: str, now: datetime) -> StaffPanel:
    """The living part of the console; UnknownPlace if there is no such counter."""
    office = hall.offices.of_counter(counter)
    scene = hall.live.scene(office, now)
    served = frozenset(office.counter(counter).procedures)
    tickets = sorted(scene.tickets, key=place)
    mine = [ticket for ticket in tickets if ticket.procedure in served]
    at_desk = [t for t in tickets if t.state in (State.CALLED, State.SERVING)]
    current = next((t for t in at_desk if t.counter == counter), None)
    waiting, first = in_turn(mine, served, scene, office, now)

    def lines(some: Sequence[Ticket]) -> tuple[StaffTicket, ...]:
        return tuple(_line(one, office, now) for one in some)

    return StaffPanel(
        office=office.id,
        counter=counter,
        number=counter_number(office, counter),
        open=scene.posts[counter].open,
        current=None if current is None else _line(current, office, now),
        undo_seconds=_undo_seconds(current, now),
        waiting=tuple(
            _line(one, office, now, next=one is first) for one in waiting[:SHOWN]
        ),
        more=max(0, len(waiting) - SHOWN),
        absent=lines([t for t in mine if t.state is State.ABSENT]),
        held=lines([t for t in mine if t.state is State.ON_HOLD]),
        elsewhere=lines([t for t in at_desk if t.counter != counter]),
        timezone=office.timezone,
        now=now,
    )


def in_turn(
    tickets: Sequence[Ticket],
    served: frozenset[str],
    scene: Scene,
    office: Office,
    now: datetime,
) -> tuple[list[Ticket], Ticket | None]:
    """Who waits for such a counter as it would call them, and whom it calls next.

    A ticket without paper keeps its place in its lane and is never next.
    """
    order = called_order(
        tickets, served=served, runs=scene.runs, rules=office.rules, now=now
    )
    first = order[0] if order else None
    for ticket in sorted(tickets, key=place):
        if ticket.state is State.WAITING and not ticket.callable:
            _insert(order, ticket)
    return order, first


def _insert(order: list[Ticket], ticket: Ticket) -> None:
    """Before the first of its lane that came later."""
    for index, other in enumerate(order):
        if other.preapplied == ticket.preapplied and place(ticket) < place(other):
            order.insert(index, ticket)
            return
    order.append(ticket)


def _line(
    ticket: Ticket, office: Office, now: datetime, *, next: bool = False
) -> StaffTicket:
    counter = ticket.hold_owner if ticket.state is State.ON_HOLD else ticket.counter
    return StaffTicket(
        id=str(ticket.id),
        label=ticket.label,
        procedure=office.catalogue.procedure(ticket.procedure).name,
        state=ticket.state.value,
        lane=_lane(ticket),
        print=ticket.print,
        urgent=ticket.urgent,
        overdue=ticket.deadline <= now,
        waited=max(0, int((now - ticket.issued_at).total_seconds() // 60)),
        counter=counter_number(office, counter) if counter else None,
        calls=ticket.calls,
        reason=ticket.hold_reason or ticket.note,
        version=ticket.version,
        next=next,
    )


def _lane(ticket: Ticket) -> Lane:
    if not ticket.preapplied:
        return "ordinary"
    return "fast_verified" if ticket.verified else "fast_unverified"


def _undo_seconds(current: Ticket | None, now: datetime) -> int:
    if current is None or current.state is not State.CALLED:
        return 0
    if current.called_at is None:
        return 0
    return max(0, ceil((current.called_at + UNDO_WITHIN - now).total_seconds()))


def _choices(offices: Offices, user: User) -> tuple[OfficeChoice, ...]:
    return tuple(
        OfficeChoice(
            office.id,
            office.catalogue.name,
            tuple(
                CounterChoice(
                    counter.id,
                    counter.number,
                    tuple(
                        office.catalogue.procedure(id).name for id in counter.procedures
                    ),
                )
                for counter in office.catalogue.counters
            ),
        )
        for office in offices.values()
        if user.works_at(office.id)
    )
