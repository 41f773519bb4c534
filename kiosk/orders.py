"""Carries out what the server wants of this kiosk; each is answered once."""

import logging
from collections.abc import Callable
from uuid import UUID

from kiosk.clock import Moment
from kiosk.hands import ticket_of
from kiosk.printing import DropOrder, PrintDesk, PrintOrder
from kiosk.store import Store
from kiosk.tickets import TicketEnded, UnknownTicket
from protocol.messages import Command

log = logging.getLogger(__name__)


class BadCommand(Exception):
    """A command that lacks what it needs; the server is told so."""


class Orders:
    """`carry_out` runs on the command line's thread, with a `store` of its own."""

    def __init__(
        self,
        *,
        store: Store,
        desk: PrintDesk,
        url_of: Callable[[int], str],
        now: Callable[[], Moment],
        refresh: Callable[[], None],
        numbers_changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._desk = desk
        self._url_of = url_of
        self._now = now
        self._refresh = refresh
        self._numbers_changed = numbers_changed

    def carry_out(self, command: Command) -> None:
        """Do it and answer; a reprint is answered by the desk when paper came."""
        try:
            answer = self._do(command)
        except (BadCommand, TicketEnded, UnknownTicket) as exc:
            self._store.command_done(
                command.command_id, self._now(), ok=False, detail=str(exc)
            )
        else:
            if answer is not None:
                self._store.command_done(
                    command.command_id, self._now(), ok=True, detail=answer
                )

    def _do(self, command: Command) -> str | None:
        match command.kind:
            case "reprint":
                self._reprint(command)
                return None
            case "void":
                ticket_id = _ticket(command)
                self._store.void(ticket_id, "staff", self._now())
                self._desk.submit(DropOrder(ticket_id))
                return "void"
            case "refresh_catalogue":
                self._refresh()
                return "asked for"
            case "return_leases":
                count = self._store.return_leases(self._now())
                self._numbers_changed()
                return f"{count} numbers"
            case "withdraw_reserve":
                count = self._store.withdraw_reserve(command.series, self._now())
                self._numbers_changed()
                return f"{count} numbers"

    def _reprint(self, command: Command) -> None:
        issued = self._store.ticket(_ticket(command))
        if issued.voided is not None:
            raise TicketEnded(f"{issued.label} was given back")
        order = PrintOrder(
            ticket_of(issued, self._url_of(issued.serial)),
            issued.language,
            issued.copy_number + 1,
            command_id=command.command_id,
        )
        self._desk.submit(order)


def _ticket(command: Command) -> UUID:
    if command.ticket_id is None:
        raise BadCommand(f"{command.kind} needs a ticket_id")
    return command.ticket_id
