"""What the kiosk's tests share."""

import pytest

from drivers import Cause, Level, Paper, PrinterStatus
from kiosk.state import Facts, Vitals, document
from protocol.messages import Finding, KioskState, SyncState
from tests.kiosk.office import at


@pytest.fixture
def facts() -> Facts:
    """A kiosk in good health."""
    return Facts(
        kiosk_id="chuo-1",
        office="chuo",
        boot_id="b0071d",
        version="0.1.0",
        started_at=100.0,
        clock_trust="server",
        screen="home",
        printer=PrinterStatus(Level.OK, Cause.NONE, Paper.OK, at().at),
        scanner="none",
        sync=SyncState(online=True, pending=0, dead=0, last_ack_at=None),
        numbers={"moving": 80},
        tickets_today=2,
        findings=(
            Finding(code="disk", level="warn", text="getting full", since=at().at),
        ),
        vitals=Vitals(disk_free_mb=512.0, rss_mb=90.5, throttled="0x0"),
    )


@pytest.fixture
def state(facts: Facts) -> KioskState:
    return document(facts, 160.0)
