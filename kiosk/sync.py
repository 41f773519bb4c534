"""The kiosk's line to the server, seen from the journal: push, top up, fetch.

`exchange_once` is one round without threads or waiting. `Sync` does rounds for ever on
a thread of its own: at once when something was journalled, else every few seconds.
"""

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import JsonValue

from kiosk.catalogues import BadLease
from kiosk.clock import Clock, Moment
from kiosk.core.backoff import delay
from kiosk.database import StorageTrouble
from kiosk.line import BadAnswer, CredentialRefused, Line, LineTrouble, read
from kiosk.store import Store
from protocol.catalogue import Catalogue
from protocol.messages import (
    Acknowledged,
    Batch,
    Figures,
    Finding,
    KioskState,
    Lease,
    LeaseRequest,
)

log = logging.getLogger(__name__)

BATCH = 200
FIGURES_EVERY_S = 5.0
CATALOGUE_EVERY = timedelta(seconds=30)
STATE_EVERY = timedelta(seconds=10)
LEASE_PAUSE = timedelta(seconds=30)
"""After the server refused numbers: asking again at once would get the same answer."""


@dataclass(frozen=True, slots=True)
class OnlineChanged:
    online: bool


@dataclass(frozen=True, slots=True)
class CatalogueChanged:
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class FiguresChanged:
    figures: Figures


@dataclass(frozen=True, slots=True)
class LeasesChanged:
    """There are more numbers now."""


@dataclass(frozen=True, slots=True)
class FindingsChanged:
    """Everything the line has to complain about now; empty when all is well."""

    findings: tuple[Finding, ...]


News = (
    OnlineChanged | CatalogueChanged | FiguresChanged | LeasesChanged | FindingsChanged
)


@dataclass(frozen=True, slots=True)
class Memory:
    """What one round hands to the next; nothing in here matters after a restart."""

    greeted: bool = False
    figures_etag: str | None = None
    catalogue_due: datetime | None = None
    leases_due: datetime | None = None
    state_due: datetime | None = None
    findings: tuple[Finding, ...] = ()


def exchange_once(
    store: Store,
    line: Line,
    memory: Memory,
    clock: Callable[[], Moment],
    on_news: Callable[[News], None],
    state: Callable[[], KioskState] | None = None,
) -> Memory:
    """One round; a line that breaks ends it where it stands, what was done stays done.

    An answer that cannot be used is a finding and stops only its own step: a bad
    catalogue must not keep tickets from the server.
    """
    found: list[Finding] = []
    store.return_leases_after_closing(clock())
    steps: list[Callable[[Memory], Memory]] = [
        lambda m: fetch_catalogue(store, line, m, clock, on_news),
        lambda m: top_up(store, line, m, clock, on_news, found),
        lambda m: push_all(store, line, m, clock, found),
        lambda m: fetch_figures(line, m, on_news),
    ]
    if state is not None:
        steps.append(lambda m: send_state(line, m, clock, state))
    for step in steps:
        try:
            memory = step(memory)
        except BadAnswer as exc:
            found.append(_fault("server_answer", str(exc), clock()))
    return settle_findings(memory, tuple(found), on_news)


def push_all(
    store: Store,
    line: Line,
    memory: Memory,
    clock: Callable[[], Moment],
    found: list[Finding],
) -> Memory:
    """Send everything the server has not acknowledged, oldest first."""
    if not memory.greeted:
        greet(store, line, clock())
        memory = replace(memory, greeted=True)
    repaired = False
    while batch := store.unsent(BATCH):
        answer = _post(store, line, batch)
        if _seq(batch[0]) <= answer.ack <= store.highest():
            store.acknowledge(answer, clock())
        elif repaired or not _repair(store, answer.ack, _seq(batch[0])):
            found.append(_gap(answer.ack, _seq(batch[0]), clock()))
            break
        else:
            repaired = True
    return memory


def greet(store: Store, line: Line, now: Moment) -> None:
    """Ask once after a start how far the server is, with a batch of nothing.

    It may be ahead of this journal: the ledger was rebuilt, or an old copy of the whole
    card was put back. New events under old numbers would be taken for repetitions.
    """
    # A key of its own each time: the first answer of long ago would help nobody.
    key = f"events-none-{now.at.timestamp()}"
    ack = read(
        line.post("events", Batch(events=()).model_dump_json(), key), Acknowledged
    )
    if ack.ack > store.highest() or not store.aligned():
        store.align(ack.ack)


def _repair(store: Store, ack: int, first: int) -> bool:
    """Server and journal disagree on how far they are; whether that could be mended."""
    if ack < first:
        # The server was restored from a backup: what it forgot is told again.
        return store.tell_again(ack, first) > 0
    # An old copy of the ledger was put back: the server took these events for
    # repetitions. Tickets go by their own id, so telling one twice is harmless.
    store.align(ack)
    return True


def top_up(
    store: Store,
    line: Line,
    memory: Memory,
    clock: Callable[[], Moment],
    on_news: Callable[[News], None],
    found: list[Finding],
) -> Memory:
    """Ask for numbers ahead of need."""
    now = clock()
    if memory.leases_due is not None and now.at < memory.leases_due:
        found.extend(f for f in memory.findings if f.code.startswith("lease_"))
        return memory
    pause, granted = None, False
    for request in store.lease_requests(now):
        fault = _ask_for_lease(store, line, request, clock())
        granted = granted or fault is None
        if fault is not None:
            found.append(fault)
            pause = now.at + LEASE_PAUSE
    if granted:
        on_news(LeasesChanged())
    return replace(memory, leases_due=pause)


def fetch_catalogue(
    store: Store,
    line: Line,
    memory: Memory,
    clock: Callable[[], Moment],
    on_news: Callable[[News], None],
) -> Memory:
    """Look for a new catalogue from time to time; at once if `memory` has no date."""
    now = clock()
    if memory.catalogue_due is not None and now.at < memory.catalogue_due:
        return memory
    answer = line.get("catalogue", etag=store.catalogue_etag())
    if answer.status_code != 304:
        catalogue = read(answer, Catalogue)
        if catalogue != store.catalogue():
            store.keep_catalogue(catalogue, answer.headers.get("ETag", ""), clock())
            on_news(CatalogueChanged(catalogue))
    return replace(memory, catalogue_due=clock().at + CATALOGUE_EVERY)


def send_state(
    line: Line,
    memory: Memory,
    clock: Callable[[], Moment],
    state: Callable[[], KioskState],
) -> Memory:
    """The document of `GET /state`, for a server whose polls cannot get in."""
    now = clock()
    if memory.state_due is not None and now.at < memory.state_due:
        return memory
    line.post("state", state().model_dump_json(), f"state-{now.at.timestamp()}")
    return replace(memory, state_due=now.at + STATE_EVERY)


def fetch_figures(
    line: Line, memory: Memory, on_news: Callable[[News], None]
) -> Memory:
    """What the buttons show. Not kept on the card: stale after a start."""
    answer = line.get("figures", etag=memory.figures_etag)
    if answer.status_code == 304:
        return memory
    on_news(FiguresChanged(read(answer, Figures)))
    return replace(memory, figures_etag=answer.headers.get("ETag"))


def settle_findings(
    memory: Memory, found: tuple[Finding, ...], on_news: Callable[[News], None]
) -> Memory:
    """Tell what changed. A finding that lasts keeps the time it was first seen."""
    since = {f.code: f.since for f in memory.findings}
    kept = tuple(
        f.model_copy(update={"since": since.get(f.code, f.since)}) for f in found
    )
    if kept != memory.findings:
        on_news(FindingsChanged(kept))
    return replace(memory, findings=kept)


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
        """Something was journalled: do a round now. Any thread."""
        with self._wake:
            self._nudged = True
            self._wake.notify()

    def refresh(self) -> None:
        """Fetch the catalogue with the next round, which is now."""
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


def _post(
    store: Store, line: Line, events: tuple[dict[str, JsonValue], ...]
) -> Acknowledged:
    body = Batch(events=events).model_dump_json()
    # The content is part of the key, for a rebuilt journal uses numbers again; and the
    # generation, for what is told again is meant to be heard again.
    digest = hashlib.sha256(body.encode()).hexdigest()[:16]
    span = f"{_seq(events[0])}-{_seq(events[-1])}"
    key = f"events-{store.generation()}-{span}-{digest}"
    return read(line.post("events", body, key), Acknowledged)


def _ask_for_lease(
    store: Store, line: Line, request: LeaseRequest, now: Moment
) -> Finding | None:
    """None if numbers came."""
    try:
        answer = line.post("leases", request.model_dump_json(), str(request.request_id))
        lease = read(answer, Lease)
        if store.add_lease(lease, request.request_id, now):
            return None
    except (BadAnswer, BadLease) as exc:
        store.refuse_lease(request.request_id)
        return Finding(
            code=f"lease_refused_{request.kind}_{request.series}",
            level="warn",
            text=f"no numbers of {request.series}: {exc}",
            since=now.at,
        )
    return Finding(
        code="lease_other_day",
        level="fault",
        text=f"the server leases numbers for {lease.day}, the kiosk's day is another:"
        " check the clocks of both",
        since=now.at,
    )


def _complaint(exc: LineTrouble | StorageTrouble, now: Moment) -> list[Finding]:
    """A server that cannot be reached is no finding: `sync.online` says it."""
    if isinstance(exc, CredentialRefused):
        text = f"{exc}; provision the kiosk again"
        return [_fault("credential_refused", text, now)]
    if isinstance(exc, StorageTrouble):
        return [_fault("storage", str(exc), now)]
    return []


def _gap(ack: int, first: int, now: Moment) -> Finding:
    return _fault(
        "sync_gap",
        f"the server waits for event {ack + 1}, the oldest kept is {first}",
        now,
    )


def _fault(code: str, text: str, now: Moment) -> Finding:
    return Finding(code=code, level="fault", text=text, since=now.at)


def _seq(event: dict[str, JsonValue]) -> int:
    seq = event["seq"]
    assert isinstance(seq, int)
    return seq
