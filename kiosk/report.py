"""Keeps the snapshot that the agent answers from, at little cost to the loop."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk import state
from kiosk.clock import Moment
from kiosk.endpoint import Snapshot
from kiosk.identity import Identity
from kiosk.runtime import Runtime
from kiosk.state import Facts, Vitals
from kiosk.store import Store
from protocol.messages import Finding

EVERY: Final = 2.0
"""Seconds between two snapshots, unless the screen or the printer changed."""


class Reporter:
    """`snapshot` is read by the agent's threads, `update` called by the loop's."""

    def __init__(
        self,
        *,
        runtime: Runtime,
        store: Store,
        identity: Identity | None,
        boot_id: str,
        version: str,
        scanner: Callable[[], str],
        vitals: Callable[[], Vitals],
        now: Callable[[], Moment],
        monotonic: Callable[[], float],
        findings: tuple[Finding, ...],
    ) -> None:
        self._runtime = runtime
        self._store = store
        self._identity = identity
        self._boot_id = boot_id
        self._version = version
        self._scanner = scanner
        self._vitals = vitals
        self._now = now
        self._monotonic = monotonic
        self._findings = findings
        self._started_at = monotonic()
        self._taken_at = monotonic()
        self._of = self._sight()
        self._snapshot = self._take()

    def snapshot(self) -> Snapshot:
        """The last one; any thread."""
        return self._snapshot

    def update(self) -> None:
        """The loop has turned: note that, and look anew if it is time or news."""
        at = self._monotonic()
        if at - self._taken_at >= EVERY or self._sight() != self._of:
            self._taken_at = at
            self._of = self._sight()
            self._snapshot = self._take()
        else:
            self._snapshot = replace(self._snapshot, turned_at=self._runtime.turned_at)

    def _sight(self) -> tuple[object, ...]:
        known = self._runtime.known
        return self._runtime.screen_name, known.printer, known.online

    def _take(self) -> Snapshot:
        now, runtime = self._now(), self._runtime
        counts = self._store.counts_today(now)
        facts = Facts(
            kiosk_id=self._identity.kiosk_id if self._identity else "",
            office=self._identity.office if self._identity else "",
            boot_id=self._boot_id,
            version=self._version,
            started_at=self._started_at,
            clock_trust=now.trust,
            screen=runtime.screen_name,
            printer=runtime.known.printer,
            scanner=self._scanner(),
            sync=self._store.sync_state(online=runtime.known.online),
            numbers=self._store.remaining(now),
            tickets_today=sum(counts.values()),
            findings=(*self._findings, *runtime.findings),
            vitals=self._vitals(),
        )
        document = state.document(facts, self._monotonic())
        return Snapshot(document, runtime.turned_at, counts)
