"""Carries out what the flow wants; an effect's answer is posted as an event.

Runs on the loop's thread. Only the ledger is written here, durably and in milliseconds;
the printer, the network and everything slow have threads of their own.
"""

import logging
from collections.abc import Callable
from typing import Final, Literal
from uuid import UUID

from drivers import MouthLamp
from kiosk.clock import Moment
from kiosk.core.effects import (
    CallStaff,
    CheckPin,
    Effect,
    GiveBack,
    KeepOnScreen,
    Light,
    PrintTicket,
    StaffAction,
    TakeNumber,
    Wait,
)
from kiosk.core.events import Event, Issued, IssueRefused, PinChecked, StaffAnswered
from kiosk.core.numbers import TRUSTED
from kiosk.core.screens import Ticket
from kiosk.database import StorageTrouble
from kiosk.printing import DropOrder, PrintDesk, PrintOrder, TrialOrder
from kiosk.store import NoCatalogue, NoNumbers, Store
from kiosk.tickets import IssuedTicket, TicketEnded

log = logging.getLogger(__name__)

PIN_TRIES: Final = 5
PIN_REST: Final = 60.0
"""After so many wrong PINs the right one is not taken for so many seconds."""


class Pin:
    """The staff PIN. A wrong one costs a try; after five it rests for a minute."""

    def __init__(
        self, is_right: Callable[[str], bool], monotonic: Callable[[], float]
    ) -> None:
        self._is_right = is_right
        self._monotonic = monotonic
        self._wrong = 0
        self._rests_until = 0.0

    @property
    def rests(self) -> bool:
        """Whether even the right one is not taken now."""
        return self._monotonic() < self._rests_until

    def check(self, digits: str) -> bool:
        if self.rests:
            return False
        if self._is_right(digits):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong >= PIN_TRIES:
            self._wrong = 0
            self._rests_until = self._monotonic() + PIN_REST
        return False


class Hands:
    """One method for each effect; `post` takes the answers."""

    def __init__(
        self,
        *,
        store: Store,
        desk: PrintDesk,
        lamp: MouthLamp,
        pin: Pin,
        now: Callable[[], Moment],
        new_id: Callable[[], UUID],
        url_of: Callable[[int], str],
        turn_service: Callable[[], bool],
        wait: Callable[[float], None],
        post: Callable[[Event], None],
    ) -> None:
        self._store = store
        self._desk = desk
        self._lamp = lamp
        self._pin = pin
        self._now = now
        self._new_id = new_id
        self._url_of = url_of
        self._turn_service = turn_service
        self._wait = wait
        self._post = post

    def carry_out(self, effect: Effect) -> None:
        match effect:
            case Wait(seconds):
                self._wait(seconds)
            case TakeNumber():
                self._take_number(effect)
            case PrintTicket(ticket, language, reprint):
                copies = self._copies(ticket) + 1 if reprint else 0
                self._desk.submit(PrintOrder(ticket, language, copies))
            case KeepOnScreen(ticket):
                self._keep_on_screen(ticket)
            case GiveBack(ticket, reason):
                self._give_back(ticket, reason)
            case CallStaff(reason):
                self._call_staff(reason)
            case Light(on):
                if on:
                    self._lamp.on()
                else:
                    self._lamp.off()
            case CheckPin(digits):
                last = self._store.last_ticket(self._now())
                label = last.label if last else None
                right = self._pin.check(digits)
                self._post(PinChecked(right, label, self._pin.rests))
            case StaffAction():
                self._staff_action(effect)

    def _take_number(self, effect: TakeNumber) -> None:
        shown = None
        if effect.low is not None and effect.high is not None:
            shown = (effect.low, effect.high)
        now = self._now()
        try:
            issued = self._store.issue(
                effect.procedure,
                self._new_id(),
                language=effect.language,
                now=now,
                shown=shown,
            )
        except (NoNumbers, NoCatalogue):
            log.exception("no ticket for %s", effect.procedure)
            self._post(IssueRefused("no_numbers"))
        except StorageTrouble:
            log.exception("no ticket for %s", effect.procedure)
            self._post(IssueRefused("storage"))
        else:
            url = self._url_of(issued.serial)
            self._post(Issued(ticket_of(issued, url, ahead=effect.ahead)))

    def _keep_on_screen(self, ticket: Ticket) -> None:
        self._desk.submit(DropOrder(ticket.ticket_id))
        try:
            self._store.accept_on_screen(ticket.ticket_id, self._now())
        except (StorageTrouble, TicketEnded):
            # The number still stands; the server shows it as not yet printed.
            log.exception("%s is on the screen only", ticket.label)

    def _give_back(
        self, ticket: Ticket, reason: Literal["visitor", "not_sent"]
    ) -> None:
        self._desk.submit(DropOrder(ticket.ticket_id))
        try:
            self._store.void(ticket.ticket_id, reason, self._now())
        except StorageTrouble:
            log.exception("%s was given back and could not be written", ticket.label)

    def _call_staff(self, reason: str) -> None:
        try:
            self._store.staff_called(reason, self._now())
        except StorageTrouble:
            log.exception("staff were called (%s) and the server cannot know", reason)

    def _staff_action(self, effect: StaffAction) -> None:
        match effect.action:
            case "test_print":
                self._desk.submit(TrialOrder(effect.language))
            case "service":
                out = self._turn_service()
                self._post(StaffAnswered("out" if out else "back"))
            case "reprint":
                self._reprint(effect.language)

    def _reprint(self, language: str) -> None:
        last = self._store.last_ticket(self._now())
        if last is None:
            self._post(StaffAnswered("nothing"))
            return
        ticket = ticket_of(last, self._url_of(last.serial))
        order = PrintOrder(ticket, language, last.copy_number + 1, for_staff=True)
        self._desk.submit(order)

    def _copies(self, ticket: Ticket) -> int:
        return self._store.ticket(ticket.ticket_id).copy_number


def ticket_of(issued: IssuedTicket, url: str, ahead: int | None = None) -> Ticket:
    """A row of the ledger as the visitor sees it; an untrusted time is left out."""
    return Ticket(
        issued.ticket_id,
        issued.label,
        issued.procedure,
        url,
        issued.preapplied,
        issued.issued_at if issued.clock_trust in TRUSTED else None,
        ahead,
        issued.shown_low,
        issued.shown_high,
    )
