"""What a ticket weighs and how long it takes to make, beside python-escpos's ways.

Ours is native text, weighed in the printer's cable: prologue, text, QR, both fences and
the cut, without the questions before and after it. The time is that of `kiosk.slips`,
from the ticket to its bytes. python-escpos has a process of its own
(`bench.measures.peer`).
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from bench.measures.figures import Measure, against, median, most
from bench.measures.house import (
    CHECKOUT,
    PUBLIC_URL,
    CannotMeasure,
    environment,
)
from drivers.profile import EPSON
from kiosk.clock import Moment
from kiosk.core.screens import Ticket
from kiosk.slips import Slips
from server.catalogue_files import load

TIMES: Final = 200
_GOAL: Final = most(450, "bytes")
_NINE: Final = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
_PATIENCE: Final = 120.0


def measure(sizes: Sequence[int]) -> Iterator[Measure]:
    """`sizes`: bytes of tickets as they passed through the cable."""
    of = f"the longest of {len(sizes)}"
    yield against(_GOAL, "a Japanese ticket in the cable", max(sizes), of)
    times = [_seconds() for _ in range(TIMES)]
    of = f"median of {TIMES}"
    yield Measure("a ticket made, native", 1000 * median(times), "ms", note=of)
    peer = _peer()
    for what, key in (
        ("python-escpos, drawn 576×900 and image()", "image"),
        ("python-escpos, text() and native QR", "text"),
    ):
        one = peer[key]
        yield Measure(what, one["ms"], "ms", note=f"{one['bytes']:,} bytes")


def _seconds() -> float:
    begun = perf_counter()
    _SLIPS.ticket(_TICKET, "ja", 0)
    return perf_counter() - begun


def _slips() -> Slips:
    offices = load(
        CHECKOUT / "config" / "city", public_url=PUBLIC_URL, always_open=True
    )
    return Slips(
        catalogue=lambda: offices["chuo"],
        kiosk_id="chuo-1",
        profile=EPSON,
        now=lambda: Moment(_NINE, "ntp"),
    )


def _peer() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.measures.peer"],
        cwd=CHECKOUT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode != 0:
        raise CannotMeasure(f"python-escpos did not do it: {done.stderr[-500:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


_SLIPS: Final = _slips()
_TICKET: Final = Ticket(
    UUID(int=1),
    "A045",
    "certificates",
    f"{PUBLIC_URL}/T/0123456789ABCDEFGHJKMNPQ".upper(),
    False,
    _NINE,
    5,
    10,
    20,
)
