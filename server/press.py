"""The press: figures are computed off the request path and printed once for everybody.

A change marks its office; the press prints marked offices, many changes at a time, and
every office anew from time to time. Readers get finished bytes with an ETag.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from server.bell import Bell, Ring
from server.live import Live, Scene
from server.offices import Office, Offices
from server.reckoning import knowledge, state_of, views_of
from server.rules.estimate import Outlook, fifo_forecast, outlook
from server.rules.figures import ProcedureView
from server.rules.pools import Knowledge
from server.sheets import (
    Sheet,
    document_of,
    json_bytes,
    kiosk_figures,
    table_of,
    utc,
)

log = logging.getLogger(__name__)

STALE_AFTER: Final = timedelta(seconds=60)
SETTLE: Final = 0.05
"""Seconds in which further changes of a busy moment are gathered."""
SHARE: Final = 9
"""The press rests so many times as long as it prints: a tenth of the time is its."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Everything printed of one office at `as_of`.

    `fresh` and `stale` are the public document, the second for when the press stands
    still; `kiosk` is the kiosks' own. `forecasts`: minutes if all lanes were one.
    """

    as_of: datetime
    scene: Scene
    views: Mapping[str, ProcedureView]
    forecasts: Mapping[str, float | None]
    outlook: Outlook
    document: Mapping[str, Any]
    fresh: Sheet
    stale: Sheet
    csv: Sheet
    kiosk: Sheet


class Press:
    """Prints; `issue` and `city` are what was printed last."""

    def __init__(
        self,
        offices: Offices,
        live: Live,
        bell: Bell,
        now: Callable[[], datetime],
        every: float,
    ) -> None:
        self._offices = offices
        self._live = live
        self._bell = bell
        self._now = now
        self._every = every
        self._issues: dict[str, Issue] = {}
        self._city: tuple[Sheet, Sheet] | None = None
        self._known = {id: knowledge(office) for id, office in offices.items()}
        self._marked: set[str] = set()
        self._wake = threading.Condition()
        self._printing = threading.Lock()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Print everything once, then keep printing in a thread of its own."""
        self.print_offices(list(self._offices))
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="press", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join()

    def mark(self, offices: set[str]) -> None:
        """These offices changed; returns at once."""
        with self._wake:
            self._marked |= offices
            self._wake.notify_all()

    def catch_up(self) -> None:
        """Print what is marked; afterwards every change made before is in print."""
        with self._printing:
            with self._wake:
                marked, self._marked = self._marked, set()
            try:
                self._print(sorted(marked))
            except BaseException:
                # What was not printed is still to be printed: nothing is forgotten.
                self.mark(marked)
                raise

    def issue(self, office: str) -> Issue:
        """What was printed last of this office; KeyError if there is no such office."""
        return self._issues[office]

    def sheet(self, office: str) -> Sheet:
        """The public document of the office, marked stale if the press stood still."""
        issue = self._issues[office]
        return issue.stale if self._now() - issue.as_of > STALE_AFTER else issue.fresh

    def city(self) -> Sheet:
        """The public document of all offices."""
        if self._city is None:
            raise RuntimeError("the press was not started")
        oldest = min(issue.as_of for issue in self._issues.values())
        fresh, stale = self._city
        return stale if self._now() - oldest > STALE_AFTER else fresh

    def forecast(self, office: str, procedure: str) -> float | None:
        """Minutes until the call of who comes now, were all lanes one; None: 不明."""
        issue = self._issues.get(office)
        return None if issue is None else issue.forecasts.get(procedure)

    def print_offices(self, offices: list[str]) -> None:
        """Print these offices and the city, changed or not."""
        with self._printing:
            self._print(offices)

    def _print(self, offices: list[str]) -> None:
        for id in offices:
            office = self._offices[id]
            now = self._now()
            scene = self._live.scene(office, now)
            issue = _issue(office, scene, self._known[id], now)
            self._issues[id] = issue
            self._bell.ring(f"office:{id}", Ring("figures", issue.fresh.body.decode()))
        if offices:
            self._city = self._print_city()

    def _print_city(self) -> tuple[Sheet, Sheet]:
        documents = [issue.document for issue in self._issues.values()]
        as_of = min(issue.as_of for issue in self._issues.values())
        fresh = {"as_of": utc(as_of), "offices": documents}
        stale = {**fresh, "offices": [{**one, "stale": True} for one in documents]}
        return Sheet.of(json_bytes(fresh)), Sheet.of(json_bytes(stale))

    def _run(self) -> None:
        due = time.monotonic() + self._every
        while True:
            with self._wake:
                if not self._stopped and not self._marked:
                    self._wake.wait(max(0.0, due - time.monotonic()))
                if self._stopped:
                    return
                began = time.monotonic()
                if began >= due:
                    self._marked, due = set(self._offices), began + self._every
            try:
                self.catch_up()
            except Exception:
                log.exception("the figures could not be printed")
            # A crowded office takes longer to print; it must not starve the requests.
            pause = max(SETTLE, SHARE * (time.monotonic() - began))
            with self._wake:
                self._wake.wait_for(lambda: self._stopped, pause)


def _issue(office: Office, scene: Scene, known: Knowledge, now: datetime) -> Issue:
    state, crowded = state_of(office, scene, now)
    ahead = outlook(state, known, now)
    views = views_of(office, scene, ahead, crowded, known, now)
    document = document_of(office, views, now)
    return Issue(
        as_of=now,
        scene=scene,
        views=views,
        forecasts=fifo_forecast(state, known, now),
        outlook=ahead,
        document=document,
        fresh=Sheet.of(json_bytes(document)),
        stale=Sheet.of(json_bytes({**document, "stale": True})),
        csv=Sheet.of(table_of(office, document)),
        kiosk=Sheet.of(kiosk_figures(office, views, now)),
    )
