"""The staff console's model, from the live queue and the rule of calling."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from server.hall import Hall
from server.listing import called_order
from server.live import Scene
from server.offices import Office
from server.pages.help_view import HelpLine, help_line
from server.pages.source import button_above, counter_number
from server.pages.staff_view import (
    CounterChoice,
    Lane,
    OfficeChoice,
    StaffPage,
    StaffPanel,
    StaffTicket,
    Target,
)
from server.rules.calling import place
from server.rules.lifecycle import UNDO_WITHIN, Actor, ReturnPolicy, allowed
from server.rules.ticket import State, Ticket
from server.store.desk import SUPERVISORS
from server.store.help import open_calls
from server.store.users import User

SHOWN = 60
"""A longer list would only be scrolled past; numbers behind it can still be typed."""


def staff_page(hall: Hall, user: User, counter: str | None, now: datetime) -> StaffPage:
    """The console at that counter, or the choice of one if None."""
    if counter is None:
        return StaffPage(user.name, {}, _choices(hall, user, now), None, now)
    office = hall.offices.of_counter(counter)
    return StaffPage(
        user=user.name,
        office_name=office.catalogue.name,
        offices=(),
        panel=staff_panel(hall, user, counter, now),
        now=now,
        targets=_targets(office),
    )


def staff_panel(hall: Hall, user: User, counter: str, now: datetime) -> StaffPanel:
    """The living part of the console; UnknownPlace if there is no such counter."""
    policy = ReturnPolicy(max_calls=hall.settings.max_calls)
    actor = Actor("staff", user.name, counter, user.role in SUPERVISORS)
    office = hall.offices.of_counter(counter)
    scene = hall.live.scene(office, now)
    served = frozenset(office.counter(counter).procedures)
    tickets = sorted(scene.tickets, key=place)
    mine = [ticket for ticket in tickets if ticket.procedure in served]
    at_desk = [t for t in tickets if t.state in (State.CALLED, State.SERVING)]
    current = next((t for t in at_desk if t.counter == counter), None)
    waiting, first = in_turn(mine, served, scene, office, now)

    def line(ticket: Ticket) -> StaffTicket:
        can = frozenset(str(one) for one in allowed(ticket, actor, now, policy))
        return _line(ticket, office, now, can, next=ticket is first)

    def lines(some: Sequence[Ticket]) -> tuple[StaffTicket, ...]:
        return tuple(line(one) for one in some)

    return StaffPanel(
        office=office.id,
        counter=counter,
        number=counter_number(office, counter),
        open=scene.posts[counter].open,
        current=None if current is None else line(current),
        undo_seconds=_undo_seconds(current, now),
        waiting=lines(waiting[:SHOWN]),
        more=max(0, len(waiting) - SHOWN),
        absent=lines([t for t in mine if t.state is State.ABSENT]),
        held=lines([t for t in mine if t.state is State.ON_HOLD]),
        elsewhere=lines([t for t in at_desk if t.counter != counter]),
        timezone=office.timezone,
        now=now,
        help=help_lines(hall, frozenset({office.id}), now),
    )


def help_lines(
    hall: Hall, offices: frozenset[str], now: datetime
) -> tuple[HelpLine, ...]:
    """Who calls for staff at these offices, the oldest first."""
    with hall.database.read() as connection:
        found = open_calls(connection, offices, now)
    return tuple(
        help_line(call, office.catalogue.name, office.timezone)
        for call in found
        if (office := hall.offices.get(call.office)) is not None
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
    ticket: Ticket, office: Office, now: datetime, can: frozenset[str], *, next: bool
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
        can=can,
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


def _targets(office: Office) -> tuple[Target, ...]:
    """Every procedure that is served, as the transfer offers it."""
    return tuple(
        Target(
            procedure.id,
            procedure.name,
            button_above(office, procedure.id),
            tuple(
                counter.number
                for counter in office.catalogue.counters
                if procedure.id in counter.procedures
            ),
        )
        for procedure in office.catalogue.issuable()
        if procedure.group is not None
    )


def _choices(hall: Hall, user: User, now: datetime) -> tuple[OfficeChoice, ...]:
    return tuple(
        OfficeChoice(office.id, office.catalogue.name, _counters(hall, office, now))
        for office in hall.offices.values()
        if user.works_at(office.id)
    )


def _counters(hall: Hall, office: Office, now: datetime) -> tuple[CounterChoice, ...]:
    posts = hall.live.scene(office, now).posts
    return tuple(
        CounterChoice(
            counter.id,
            counter.number,
            tuple(office.catalogue.procedure(id).name for id in counter.procedures),
            posts[counter.id].open,
        )
        for counter in office.catalogue.counters
    )
