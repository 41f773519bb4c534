"""One round with the server: catalogue, numbers, events, figures, state.

Plain functions without threads or waiting; `kiosk.sync` repeats them for ever.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import JsonValue

from kiosk.catalogues import BadLease
from kiosk.clock import Moment
from kiosk.line import BadAnswer, Line, read
from kiosk.news import (
    CatalogueChanged,
    FiguresChanged,
    FindingsChanged,
    LeasesChanged,
    News,
)
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

BATCH = 200
CATALOGUE_EVERY = timedelta(seconds=30)
STATE_EVERY = timedelta(seconds=10)
LEASE_PAUSE = timedelta(seconds=30)
"""After the server refused numbers: asking again at once would get the same answer."""


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
            found.append(fault("server_answer", str(exc), clock()))
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
        greet(store, line)
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


def greet(store: Store, line: Line) -> None:
    """Ask once after a start how far the server is, with a batch of nothing.

    It may be ahead of this journal: the ledger was rebuilt, or an old copy of the whole
    card was put back. New events under old numbers would be taken for repetitions.
    """
    # A key of its own each time: the first answer of long ago would help nobody.
    key = f"events-none-{store.new_id()}"
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
        refused = _ask_for_lease(store, line, request, clock())
        granted = granted or refused is None
        if refused is not None:
            found.append(refused)
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


def _gap(ack: int, first: int, now: Moment) -> Finding:
    return fault(
        "sync_gap",
        f"the server waits for event {ack + 1}, the oldest kept is {first}",
        now,
    )


def fault(code: str, text: str, now: Moment) -> Finding:
    return Finding(code=code, level="fault", text=text, since=now.at)


def _seq(event: dict[str, JsonValue]) -> int:
    seq = event["seq"]
    assert isinstance(seq, int)
    return seq
