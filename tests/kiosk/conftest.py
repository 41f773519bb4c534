"""What the kiosk's tests share."""

from collections.abc import Iterator
from math import inf
from pathlib import Path

import pytest

from drivers import Cause, Level, Paper, PrinterStatus
from drivers.sim.sim import PrinterSim
from kiosk.state import Facts, Vitals, document
from protocol.messages import Finding, KioskState, SyncState
from tests.kiosk.bench import Machine
from tests.kiosk.field import after_a_morning
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


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a kiosk has after its morning; `Field.remember` takes a copy."""
    return after_a_morning(tmp_path_factory.mktemp("morning") / "data")


@pytest.fixture
def machine(tmp_path: Path, morning: Path) -> Machine:
    """Enrolled, with tickets given out, its kiosk stopped, and no printer in it."""
    machine = Machine(tmp_path)
    machine.remember(morning)
    machine.put("link", '"fake"')
    return machine


@pytest.fixture
def sim(machine: Machine) -> Iterator[PrinterSim]:
    with PrinterSim(speed=inf) as sim:
        machine.put("link", '"network"')
        machine.put("port", str(sim.port), section="printer")
        yield sim
