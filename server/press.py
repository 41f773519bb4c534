"""The press: figures are computed off the request path and printed once for everybody.

A change marks its office; the press prints marked offices, many changes at a time, and
every office anew from time to time. Readers get finished bytes with an ETag.
"""

import csv
import io
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from protocol.messages import Figures, ProcedureFigures, WaitRange
from server.bell import Bell, Ring
from server.live import Live, Scene
from server.offices import Office, Offices
from server.rules.calling import place
from server.rules.estimate import (
    Lane,
    OfficeState,
    Outlook,
    fifo_forecast,
    outlook,
    shown,
)
from server.rules.figures import ProcedureView, figures
from server.rules.pools import Knowledge, learn
from server.rules.staffing import CounterState, Serving, minutes_between
from server.rules.ticket import State, Ticket

log = logging.getLogger(__name__)

STALE_AFTER: Final = timedelta(seconds=60)
FORESEEN: Final = 600
"""Beyond so many waiting in a group nothing is foretold: 不明."""
SETTLE: Final = 0.05
"""Seconds in which further changes of a busy moment are gathered."""
SHARE: Final = 9
"""The press rests so many times as long as it prints: a tenth of the time is its."""
RATE_OVER: Final = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document, ready to send."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> "Sheet":
        return cls(body, f'"{sha256(body).hexdigest()[:24]}"')


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
        self._known = {id: _knowledge(office) for id, office in offices.items()}
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
            self._print(sorted(marked))

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
            issue = _print(office, scene, self._known[id], now)
            self._issues[id] = issue
            self._bell.ring(f"office:{id}", Ring("figures", issue.fresh.body.decode()))
        if offices:
            self._city = self._print_city()

    def _print_city(self) -> tuple[Sheet, Sheet]:
        documents = [issue.document for issue in self._issues.values()]
        as_of = min(issue.as_of for issue in self._issues.values())
        fresh = {"as_of": _utc(as_of), "offices": documents}
        stale = {**fresh, "offices": [{**one, "stale": True} for one in documents]}
        return Sheet.of(_json(fresh)), Sheet.of(_json(stale))

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


def _knowledge(office: Office) -> Knowledge:
    return learn({p.id: p.expected_minutes for p in office.catalogue.issuable()})


def _print(office: Office, scene: Scene, known: Knowledge, now: datetime) -> Issue:
    state, crowded = _state(office, scene, now)
    ahead = outlook(state, known, now)
    views = _views(office, scene, ahead, crowded, known, now)
    document = _document(office, views, now)
    return Issue(
        as_of=now,
        scene=scene,
        views=views,
        forecasts=fifo_forecast(state, known, now),
        outlook=ahead,
        document=document,
        fresh=Sheet.of(_json(document)),
        stale=Sheet.of(_json({**document, "stale": True})),
        csv=Sheet.of(_csv(office, document)),
        kiosk=Sheet.of(_kiosk_figures(office, views, now)),
    )


def _state(
    office: Office, scene: Scene, now: datetime
) -> tuple[OfficeState, frozenset[str]]:
    """What the estimate looks at, and the groups too crowded to foretell."""
    groups = {p.id: p.group for p in office.catalogue.issuable() if p.group}
    waiting: dict[str, list[Ticket]] = {}
    for ticket in scene.tickets:
        if ticket.callable and ticket.procedure in groups:
            waiting.setdefault(ticket.group, []).append(ticket)
    crowded = frozenset(id for id, some in waiting.items() if len(some) > FORESEEN)
    seen = [
        ticket
        for some in waiting.values()
        for ticket in sorted(some, key=place)[:FORESEEN]
    ]
    state = OfficeState(
        as_of=now,
        groups=groups,
        counters=_counters(office, scene),
        waiting=tuple(seen),
        runs=scene.runs,
        rules=office.rules,
        fast_rate=_fast_rate(scene, groups, now),
    )
    return state, crowded


def _counters(office: Office, scene: Scene) -> tuple[CounterState, ...]:
    at: dict[str, Ticket] = {}
    held: dict[str, list[str]] = {}
    for ticket in scene.tickets:
        if ticket.counter and ticket.state in (State.CALLED, State.SERVING):
            at[ticket.counter] = ticket
        if ticket.state is State.ON_HOLD and ticket.hold_owner:
            held.setdefault(ticket.hold_owner, []).append(ticket.procedure)
    states = []
    for counter in office.catalogue.counters:
        post = scene.posts[counter.id]
        who = at.get(counter.id)
        states.append(
            CounterState(
                counter.id,
                frozenset(counter.procedures),
                post.open,
                _serving(who),
                scene.freed.get(counter.id),
                closed_since=None if post.open else post.changed_at,
                held=tuple(held.get(counter.id, ())),
                done=scene.finished.get(counter.id, ()),
            )
        )
    return tuple(states)


def _serving(ticket: Ticket | None) -> Serving | None:
    if ticket is None or ticket.called_at is None:
        return None
    return Serving(ticket.procedure, ticket.preapplied, ticket.called_at)


def _fast_rate(
    scene: Scene, groups: Mapping[str, str], now: datetime
) -> dict[str, float]:
    """Fast-lane tickets per minute over the last hour, of those still in the house."""
    recent = [
        t
        for t in scene.tickets
        if t.preapplied and t.procedure in groups and now - t.issued_at <= RATE_OVER
    ]
    if not recent:
        return {}
    minutes = max(10.0, minutes_between(min(t.issued_at for t in recent), now))
    rates: dict[str, float] = {}
    for ticket in recent:
        rates[ticket.procedure] = rates.get(ticket.procedure, 0.0) + 1 / minutes
    return rates


def _views(
    office: Office,
    scene: Scene,
    ahead: Outlook,
    crowded: frozenset[str],
    known: Knowledge,
    now: datetime,
) -> dict[str, ProcedureView]:
    by_procedure: dict[str, list[Ticket]] = {}
    for ticket in scene.tickets:
        by_procedure.setdefault(ticket.procedure, []).append(ticket)
    views = {}
    for procedure in office.catalogue.issuable():
        lane: Lane = "fast" if procedure.preapplied else "ordinary"
        minutes = ahead.tail.get((procedure.id, lane))
        wait = None if procedure.group in crowded else shown(minutes, known.past)
        views[procedure.id] = figures(
            by_procedure.get(procedure.id, ()),
            procedure.id,
            last_called_label=scene.last_called.get(procedure.id),
            runs=scene.runs,
            rules=office.rules,
            now=now,
            wait=wait,
        )
    return views


def _document(
    office: Office, views: Mapping[str, ProcedureView], now: datetime
) -> dict[str, Any]:
    return {
        "as_of": _utc(now),
        "stale": False,
        "office": office.id,
        "procedures": [
            {
                "id": procedure.id,
                "name": dict(procedure.name),
                "open": office.is_open(procedure, now),
                "last_called": view.last_called,
                "next_up": view.next_up,
                "waiting": view.waiting,
                "wait_minutes": _range(view),
                "on_hold": view.on_hold,
            }
            for procedure in office.catalogue.issuable()
            for view in (views[procedure.id],)
        ],
    }


def _range(view: ProcedureView) -> dict[str, int] | None:
    if view.wait_minutes is None:
        return None
    low, high = view.wait_minutes
    return {"low": low, "high": high}


def _kiosk_figures(
    office: Office, views: Mapping[str, ProcedureView], now: datetime
) -> bytes:
    suspended = {p.id: p.suspended for p in office.catalogue.procedures}
    document = Figures(
        as_of=now,
        procedures={
            id: ProcedureFigures(
                waiting=view.waiting,
                wait_minutes=(
                    WaitRange(low=view.wait_minutes[0], high=view.wait_minutes[1])
                    if view.wait_minutes
                    else None
                ),
                suspended=suspended.get(id),
            )
            for id, view in views.items()
        },
    )
    return document.model_dump_json().encode()


def _csv(office: Office, document: Mapping[str, Any]) -> bytes:
    """UTF-8 with a byte order mark: spreadsheets there open it without being asked."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(
        [
            "office", "procedure", "name", "open", "last_called", "next_up",
            "waiting", "wait_low", "wait_high", "on_hold", "as_of",
        ]
    )  # fmt: skip
    for one in document["procedures"]:
        wait = one["wait_minutes"] or {"low": "", "high": ""}
        name = one["name"].get(office.catalogue.languages[0], one["id"])
        rows.writerow(
            [
                office.id, one["id"], name, "true" if one["open"] else "false",
                one["last_called"] or "", one["next_up"] or "", one["waiting"],
                wait["low"], wait["high"], one["on_hold"], document["as_of"],
            ]
        )  # fmt: skip
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _utc(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
