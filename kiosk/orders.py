"""Carries out what the server wants of this kiosk; each is answered once."""

from collections.abc import Callable

from kiosk.clock import Moment
from kiosk.commands import carry_out_alone
from kiosk.hands import ticket_of
from kiosk.printing import DropOrder, PrintDesk, PrintOrder
from kiosk.store import Store
from kiosk.tickets import UnknownTicket
from protocol.messages import Command


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
        if not carry_out_alone(command, self._store, self._now(), self._refresh):
            self._reprint(command)
        elif command.kind == "void" and command.ticket_id is not None:
            self._desk.submit(DropOrder(command.ticket_id))
        else:
            self._numbers_changed()

    def _reprint(self, command: Command) -> None:
        if command.ticket_id is None:
            self._refuse(command, "the command names no ticket")
            return
        try:
            issued = self._store.ticket(command.ticket_id)
        except UnknownTicket as exc:
            self._refuse(command, str(exc))
            return
        if issued.voided is not None:
            self._refuse(command, f"{issued.label} was given back")
            return
        order = PrintOrder(
            ticket_of(issued, self._url_of(issued.serial)),
            issued.language,
            issued.copy_number + 1,
            command_id=command.command_id,
        )
        self._desk.submit(order)

    def _refuse(self, command: Command, why: str) -> None:
        self._store.command_done(command.command_id, self._now(), ok=False, detail=why)
