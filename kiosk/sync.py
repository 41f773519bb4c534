"""The kiosk's line to the server, on a thread of its own.

A round (`kiosk.exchange`) soon after something was journalled, else every few seconds;
while nobody answers, after a pause that grows to five seconds.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from kiosk.clock import Clock, Moment
from kiosk.core.backoff import delay
from kiosk.database import StorageTrouble
from kiosk.exchange import Memory, exchange_once, fault, settle_findings
from kiosk.line import CredentialRefused, Line, LineTrouble
from kiosk.news import (
    CatalogueChanged,
    FiguresChanged,
    FindingsChanged,
    LeasesChanged,
    News,
    OnlineChanged,
)
from kiosk.store import Store
from protocol.messages import Finding, KioskState

__all__ = [
    "CatalogueChanged",
    "FiguresChanged",
    "FindingsChanged",
    "LeasesChanged",
    "News",
    "OnlineChanged",
    "Sync",
]

log = logging.getLogger(__name__)

FIGURES_EVERY_S = 5.0
SETTLE_S = 0.25
"""How long a round waits after news, so that it does not compete with the ticket that
made it; the printer's word often comes within that time and goes along."""


class Sync:
    """Rounds for ever on one thread. `store` and `line` are this thread's own.

    With `state` the state document is sent along, for servers that cannot poll.
    """

    def __init__(
        self,
        store: Store,
        line: Line,
        clock: Clock,
        on_news: Callable[[News], None],
        state: Callable[[], KioskState] | None = None,
    ) -> None:
        self._state = state
        self._store = store
        self._line = line
        self._clock = clock
        self._on_news = on_news
        self._wake = threading.Condition()
        self._nudged = False
        self._refetch = False
        self._stopped = False
        self._online = False
        self._failures = 0
        self._memory = Memory()

    @property
    def online(self) -> bool:
        return self._online

    def nudge(self) -> None:
        """Something was journalled: do a round soon. Any thread."""
        with self._wake:
            self._nudged = True
            self._wake.notify()

    def refresh(self) -> None:
        """Fetch the catalogue with the next round, which is soon."""
        self._refetch = True
        self.nudge()

    def stop(self) -> None:
        """End after the round in hand. Any thread."""
        with self._wake:
            self._stopped = True
            self._wake.notify()

    def run(self) -> None:
        """Until `stop`."""
        while not self._stopped:
            self.turn()
            with self._wake:
                # While nobody answers, a touch must not shorten the pause.
                self._wake.wait_for(
                    lambda: self._stopped or (self._nudged and not self._failures),
                    delay(self._failures) or FIGURES_EVERY_S,
                )
                if self._nudged:
                    self._wake.wait_for(lambda: self._stopped, SETTLE_S)

    def turn(self) -> None:
        """One round, whatever comes of it."""
        with self._wake:
            self._nudged = False
        if self._refetch:
            self._refetch = False
            self._memory = replace(self._memory, catalogue_due=None)
        try:
            self._memory = exchange_once(
                self._store,
                self._line,
                self._memory,
                self._clock.now,
                self._on_news,
                self._state,
            )
            self._clock.save()
        except (LineTrouble, StorageTrouble) as exc:
            self._failed(exc)
        except Exception:  # the loop has to outlive a mistake of ours
            log.exception("a round with the server failed")
            self._failed(None)
        else:
            self._failures = 0
            self._now_online(True)

    def _failed(self, exc: LineTrouble | StorageTrouble | None) -> None:
        self._failures += 1
        if self._failures == 1 and exc is not None:
            log.warning("%s", exc)
        found = () if exc is None else tuple(_complaint(exc, self._clock.now()))
        self._memory = settle_findings(self._memory, found, self._on_news)
        self._now_online(False)

    def _now_online(self, online: bool) -> None:
        if online != self._online:
            self._online = online
            self._on_news(OnlineChanged(online))


def _complaint(exc: LineTrouble | StorageTrouble, now: Moment) -> list[Finding]:
    """A server that cannot be reached is no finding: `sync.online` says it."""
    if isinstance(exc, CredentialRefused):
        text = f"{exc}; provision the kiosk again"
        return [fault("credential_refused", text, now)]
    if isinstance(exc, StorageTrouble):
        return [fault("storage", str(exc), now)]
    return []
