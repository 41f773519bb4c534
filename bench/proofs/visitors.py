"""Visitors who press as fast as tickets finish, and do what visitors do.

Each call of `act` is what one hand does on the screen that stands there; while the
machine is at work they wait for its news.
"""

from itertools import cycle
from random import Random
from time import sleep
from typing import Final

from bench.proofs.kiosk import Kiosk, NoNews
from kiosk.core.events import Touched
from kiosk.core.screens import (
    Choose,
    Done,
    Home,
    Issuing,
    OutOfService,
    PaperOut,
)

ORDINARY: Final = ("certificates", "moving", "mynumber_renewal", "insurance", "consult")
_PARENT: Final = {
    "mynumber_pickup": "mynumber",
    "mynumber_renewal": "mynumber",
    "mynumber_apply": "mynumber",
}
_BETWEEN_TOUCHES: Final = 10.0
"""Seconds by the flow's own clock: nobody presses the same button twice in 3 s."""
_NEWS: Final = 20.0
"""Seconds within which the machine says what became of a ticket."""


class Visitors:
    """They want `procedures` in turn; `chance` decides what they do in trouble.

    With `patient` they stay at a machine without paper until theirs comes out; each
    spends `linger` seconds in front of a result before touching anything.
    """

    def __init__(
        self,
        kiosk: Kiosk,
        chance: Random,
        procedures: tuple[str, ...] = ORDINARY,
        *,
        patient: bool = False,
        linger: float = 0.0,
    ) -> None:
        self._kiosk, self._chance, self._patient = kiosk, chance, patient
        self._linger = linger
        self._wanted = cycle(procedures)
        self._wish = next(self._wanted)
        self._at = 0.0
        self._last: str | None = None
        self.served: list[str] = []
        """The label of each ticket that somebody left the machine with."""

    def act(self) -> None:
        """One touch, or one piece of news; NoNews if the machine gives none."""
        kiosk = self._kiosk
        while kiosk.turn(0.0):
            pass
        match kiosk.screen:
            case Home():
                sleep(self._linger)
                self._touch(f"procedure:{_PARENT.get(self._wish, self._wish)}")
            case Choose():
                self._touch(f"procedure:{self._wish}")
            case Issuing():
                if not kiosk.turn(_NEWS):
                    raise NoNews("nobody knows what became of the ticket")
            case Done():
                self._take(kiosk.screen)
            case PaperOut():
                self._without_paper(kiosk.screen)
            case OutOfService():
                if not kiosk.turn(_NEWS):
                    raise NoNews(f"out of service: {kiosk.screen.reason}")
            case _:
                kiosk.second_passes()

    def leave_with(self, tickets: int) -> None:
        """Act until so many tickets were taken."""
        while len(self.served) < tickets:
            self.act()

    def _touch(self, target: str | None) -> None:
        self._at += _BETWEEN_TOUCHES
        self._kiosk.step(Touched(target, self._at))

    def _take(self, screen: Done) -> None:
        sleep(self._linger)
        if screen.paper == "unknown" and self._chance.random() < 0.7:
            self._touch("again")  # 「印刷されない」
            return
        self.served.append(screen.ticket.label)
        self._wish = next(self._wanted)
        self._touch(None)

    def _without_paper(self, screen: PaperOut) -> None:
        if self._patient and screen.held:
            if not self._kiosk.turn(_NEWS):
                raise NoNews("the held ticket was not printed")
            return
        if screen.ticket.label != self._last:
            self._last = screen.ticket.label
            self._mood = self._chance.choice(("accept", "back", "stay", "stay"))
            sleep(self._linger)
        if self._mood == "stay":
            self._kiosk.turn(0.02)
            self._kiosk.second_passes()
        else:
            self._touch(self._mood)
