"""The public pages' models, read from what the server already has in memory.

Figures come from the press (printed once for everybody), calls and people from the live
queue; only a visitor's own ticket asks the database.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from protocol.token import BadToken, Token, read, verify
from server.hall import Hall
from server.live import Scene
from server.offices import Office
from server.pages.view import (
    BoardPage,
    Call,
    CongestionPage,
    Figures,
    Names,
    OfficeFigures,
    OfficeLink,
    TicketPage,
    Wait,
)
from server.press import Issue
from server.rules.estimate import shown
from server.rules.figures import people_ahead
from server.rules.ticket import Ticket
from server.store import kiosks, queue
from server.store.database import Database

UNPRINTED = frozenset({"pending", "held", "not_sent"})


def congestion_page(hall: Hall, chosen: str | None, now: datetime) -> CongestionPage:
    """The figures of the chosen office, or of all; UnknownPlace if there is none."""
    wanted = list(hall.offices.values())
    if chosen is not None:
        wanted = [hall.offices.of(chosen)]
    return CongestionPage(
        shown=tuple(_figures(office, hall.press.issue(office.id)) for office in wanted),
        offices=tuple(
            OfficeLink(office.id, office.catalogue.name)
            for office in hall.offices.values()
        ),
        chosen=chosen,
        now=now,
    )


def board_page(hall: Hall, office_id: str, now: datetime) -> BoardPage:
    """The board of an office; UnknownPlace if there is none."""
    office = hall.offices.of(office_id)
    scene = hall.live.scene(office, now)
    return BoardPage(
        figures=_figures(office, hall.press.issue(office.id)),
        calls=tuple(
            Call(call.label, counter_number(office, call.counter), call.at, call.over)
            for call in scene.calls
        ),
        now=now,
    )


def genuine(database: Database, text: str) -> Token:
    """The token, if one of this city's kiosks made it; BadToken otherwise."""
    token = read(text)
    with database.read() as connection:
        key = kiosks.token_key(connection, token.key_id)
    if key is None:
        raise BadToken("no kiosk of this city has this key")
    verify(token, key)
    return token


def own_ticket(hall: Hall, token: Token) -> Ticket | None:
    """The ticket of a genuine token; None while only its kiosk knows it."""
    with hall.database.read() as connection:
        return queue.by_serial(connection, token.key_id, token.serial)


def as_it_stands(hall: Hall, token: Token, before: Ticket | None) -> Ticket | None:
    """The same ticket now: from memory while it is open, else from the database."""
    if before is not None:
        scene = hall.live.scene(hall.offices.of(before.office), hall.now())
        for ticket in scene.tickets:
            if ticket.id == before.id:
                return ticket
    return own_ticket(hall, token)


def page_of(
    hall: Hall,
    token: Token,
    ticket: Ticket | None,
    address: str,
    now: datetime,
    *,
    refused: bool = False,
) -> TicketPage:
    """The visitor's own page; `refused` tells that a cancel was not possible."""
    if ticket is None:
        return _on_its_way(hall, token, address, now)
    office = hall.offices.of(ticket.office)
    procedure = office.catalogue.procedure(ticket.procedure)
    scene = hall.live.scene(office, now)
    return TicketPage(
        address=address,
        state=ticket.state.value,
        label=ticket.label,
        procedure=procedure.name,
        office=office.catalogue.name,
        where=procedure.where,
        phone=office.catalogue.phone,
        counter=counter_number(office, ticket.counter) if ticket.counter else None,
        ahead=_ahead(ticket, scene),
        wait=_own_wait(ticket, hall.press.issue(office.id)),
        unprinted=ticket.print in UNPRINTED,
        timezone=office.timezone,
        now=now,
        refused=refused,
    )


def counter_number(office: Office, counter: str) -> str:
    """What board and voice call that counter; its id if the catalogue forgot it."""
    try:
        return office.counter(counter).number
    except KeyError:
        return counter


def button_above(office: Office, procedure: str) -> Names:
    """The name of the button this procedure is a choice of, empty if it is none."""
    button = office.catalogue.procedure(procedure).parent
    return office.catalogue.procedure(button).name if button else {}


def _on_its_way(hall: Hall, token: Token, address: str, now: datetime) -> TicketPage:
    office = office_of_kiosk(hall, token)
    return TicketPage(
        address=address,
        state="on_its_way",
        label=None,
        procedure={},
        office=office.catalogue.name if office else {},
        where={},
        phone=office.catalogue.phone if office else "",
        counter=None,
        ahead=None,
        wait=None,
        unprinted=False,
        timezone=office.timezone if office else "Asia/Tokyo",
        now=now,
    )


def office_of_kiosk(hall: Hall, token: Token) -> Office | None:
    with hall.database.read() as connection:
        known = kiosks.all_kiosks(connection)
    for kiosk in known:
        if kiosk.key_id == token.key_id:
            return hall.offices.get(kiosk.office)
    return None


def _ahead(ticket: Ticket, scene: Scene) -> int | None:
    return people_ahead(ticket, scene.tickets) if ticket.day == scene.day else None


def _own_wait(ticket: Ticket, issue: Issue) -> Wait | None:
    return _wait(shown(issue.outlook.tickets.get(ticket.id)))


def _wait(span: tuple[int, int] | None) -> Wait | None:
    return None if span is None else Wait(*span)


def _figures(office: Office, issue: Issue) -> OfficeFigures:
    return OfficeFigures(
        office=office.id,
        name=office.catalogue.name,
        timezone=office.timezone,
        as_of=issue.as_of,
        procedures=tuple(_row(office, one) for one in issue.document["procedures"]),
    )


def _row(office: Office, one: Mapping[str, Any]) -> Figures:
    wait = one["wait_minutes"]
    return Figures(
        procedure=one["id"],
        name=one["name"],
        open=one["open"],
        last_called=one["last_called"],
        next_up=one["next_up"],
        waiting=one["waiting"],
        wait=None if wait is None else Wait(wait["low"], wait["high"]),
        on_hold=one["on_hold"],
        below=button_above(office, one["id"]),
    )
