"""The state document a central server polls, built from what is known (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from drivers import PrinterStatus
from protocol.messages import (
    ClockTrust,
    Finding,
    KioskState,
    PrinterState,
    SyncState,
)

FINDINGS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the machine feels; None where it cannot say. Sizes in MiB, °C."""

    disk_free_mb: float
    rss_mb: float
    cpu_temp_c: float | None = None
    throttled: str | None = None
    """What the firmware says of under-voltage and heat, such as `0x50005`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one state document says."""

    kiosk_id: str
    office: str
    boot_id: str
    version: str
    started_at: float
    """By the monotonic clock, seconds."""
    clock_trust: ClockTrust
    screen: str
    printer: PrinterStatus
    scanner: str
    sync: SyncState
    numbers: Mapping[str, int]
    tickets_today: int
    findings: tuple[Finding, ...]
    vitals: Vitals


def document(facts: Facts, monotonic: float) -> KioskState:
    """The document; `monotonic` is now, by the same clock as `started_at`."""
    worst_first = sorted(facts.findings, key=_rank)
    return KioskState(
        kiosk_id=facts.kiosk_id,
        office=facts.office,
        boot_id=facts.boot_id,
        version=facts.version,
        uptime_s=round(monotonic - facts.started_at, 1),
        clock_trust=facts.clock_trust,
        screen=facts.screen,
        printer=PrinterState(
            level=facts.printer.level.value,
            code=facts.printer.cause.value,
            paper=facts.printer.paper.value,
            since=facts.printer.since,
        ),
        scanner=facts.scanner,
        sync=facts.sync,
        numbers=dict(facts.numbers),
        tickets_today=facts.tickets_today,
        findings=tuple(worst_first[:FINDINGS_SHOWN]),
        cpu_temp_c=facts.vitals.cpu_temp_c,
        throttled=facts.vitals.throttled,
        disk_free_mb=facts.vitals.disk_free_mb,
        rss_mb=facts.vitals.rss_mb,
    )


def _rank(finding: Finding) -> tuple[int, datetime]:
    return ("fault", "warn", "info").index(finding.level), finding.since
