"""What the server wants of this kiosk: a long poll, each command handed over once."""

import logging
import threading
from collections.abc import Callable

from kiosk.clock import Clock, Moment
from kiosk.core.backoff import delay
from kiosk.database import StorageTrouble
from kiosk.line import PATIENCE, Line, LineTrouble, read
from kiosk.store import Store
from kiosk.tickets import UnknownTicket
from protocol.messages import Command, Commands

log = logging.getLogger(__name__)

WAIT_S = 25
"""How long the server may keep the question open."""
PAUSE_S = 1.0
"""Between polls while the answers are still on their way to the server."""


def ask_once(
    store: Store, line: Line, now: Callable[[], Moment], *, wait: int = WAIT_S
) -> tuple[tuple[Command, ...], int]:
    """The commands that are new, now noted as begun; and how many the server sent.

    Whoever carries one out answers with `Store.command_done`, whatever came of it.
    """
    patience = (PATIENCE[0], PATIENCE[1] + wait)
    answer = line.get(f"commands?wait={wait}", patience=patience)
    sent = read(answer, Commands).commands
    return tuple(c for c in sent if store.begin_command(c, now())), len(sent)


class CommandLine:
    """Polls for ever on one thread. `store` and `line` are this thread's own.

    `carry_out` is called on this thread and must not block it for long.
    """

    def __init__(
        self,
        store: Store,
        line: Line,
        clock: Clock,
        carry_out: Callable[[Command], None],
    ) -> None:
        self._store = store
        self._line = line
        self._clock = clock
        self._carry_out = carry_out
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End after the poll in hand, which may take `WAIT_S`. Any thread."""
        self._stopped.set()

    def run(self) -> None:
        """Until `stop`."""
        failures = 0
        while not self._stopped.is_set():
            try:
                new, sent = ask_once(self._store, self._line, self._clock.now)
                for command in new:
                    self._carry_out(command)
                failures = 0
            except (LineTrouble, StorageTrouble):
                failures += 1  # sync tells people what is wrong with the line
            except Exception:  # the loop has to outlive a mistake of ours
                log.exception("a command failed")
                failures += 1
            else:
                if sent and not new:
                    self._stopped.wait(PAUSE_S)
            self._stopped.wait(delay(failures))


def carry_out_alone(
    command: Command, store: Store, now: Moment, refresh_catalogue: Callable[[], None]
) -> bool:
    """Carry out what needs neither screen nor printer, and answer it.

    False for the others (`reprint`): those are the loop's.
    """
    match command.kind:
        case "refresh_catalogue":
            refresh_catalogue()
            detail = ""
        case "return_leases":
            detail = f"{store.return_leases(now)} numbers returned"
        case "withdraw_reserve":
            detail = f"{store.withdraw_reserve(command.series, now)} numbers returned"
        case "void":
            return _void(command, store, now)
        case _:
            return False
    store.command_done(command.command_id, now, ok=True, detail=detail)
    return True


def _void(command: Command, store: Store, now: Moment) -> bool:
    detail = "the command names no ticket"
    if command.ticket_id is not None:
        try:
            store.void(command.ticket_id, "staff", now)
            detail = ""
        except UnknownTicket as exc:
            detail = str(exc)
    store.command_done(command.command_id, now, ok=not detail, detail=detail)
    return True
