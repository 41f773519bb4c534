"""`make bench`: the product's measures, each beside its goal, in about four minutes.

A goal that is missed is said, and does not fail the run: it may be the machine.
"""

import argparse
import logging
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Final

from bench.measures import (
    board,
    drain,
    idle,
    issuing,
    machine,
    paper,
    process,
    reading,
    start,
    touch,
)
from bench.measures.central import central
from bench.measures.figures import Measure, against, most
from bench.measures.house import CHECKOUT, CannotMeasure, house
from bench.measures.pointer import NoPointer
from bench.measures.report import Chapter, Circumstances, markdown, plain, summary
from bench.measures.wire import Refused

PROGRAM: Final = "python -m bench"
PAGE: Final = CHECKOUT / "docs" / "measured" / "bench.md"
TICKETS: Final = 300
_MEMORY_AFTER: Final = 50
_MEMORY: Final = most(150, "MB")
_QUIET: Final = 3.0
"""Seconds after which a kiosk that was left alone is idle."""


def main(arguments: list[str] | None = None) -> int:
    """0 when everything could be measured, 1 with one line on stderr when not."""
    given = _parser().parse_args(arguments)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    for name in tuple(os.environ):
        if name.startswith("SEIRIKEN_"):
            # Settings come from the measures' own files alone.
            del os.environ[name]
    begun, before = monotonic(), machine.load()
    chapters: list[Chapter] = []
    try:
        with tempfile.TemporaryDirectory(prefix="seiriken-bench-") as folder:
            for chapter in _chapters(Path(folder), given):
                print(plain([chapter]), flush=True)
                chapters.append(chapter)
    except (CannotMeasure, NoPointer, Refused) as exc:
        print(f"{PROGRAM}: {exc}", file=sys.stderr)
        return 1
    where = _circumstances(monotonic() - begun, before)
    print(summary(chapters), *where.lines(), sep="\n")
    if given.write:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(markdown(chapters, where), "utf-8")
        print(f"Written to {PAGE.relative_to(CHECKOUT)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the page in docs")
    parser.add_argument("--only", choices=("kiosk", "server"), help="half of it")
    parser.add_argument(
        "--tickets",
        type=int,
        default=TICKETS,
        metavar="N",
        help="for each kind of finger (%(default)s)",
    )
    parser.add_argument(
        "--offscreen", action="store_true", help="no X11 window, even with Xvfb"
    )
    return parser


def _chapters(folder: Path, given: argparse.Namespace) -> Iterator[Chapter]:
    yield Chapter("This machine's disk", machine.disk(folder))
    if given.only != "server":
        yield _kiosk(folder / "house", given.tickets, windowed=not given.offscreen)
    if given.only != "kiosk":
        yield _server(folder / "rush", folder / "calm", folder / "kiosk")


def _kiosk(folder: Path, tickets: int, *, windowed: bool) -> Chapter:
    """One kiosk through a day: visitors, rest, memory, a few starts."""
    rows: list[Measure] = []
    with house(folder, windowed=windowed) as home:
        with touch.visitor(home, Random(1)) as visitor:
            visitor.tickets(_MEMORY_AFTER, visitor.mirrored)
            before = process.resident_mb(home.kiosk)
            measured = touch.measure(home, visitor, tickets)
            after = process.resident_mb(home.kiosk)
        rows += measured.rows
        for memory, count in (
            (before, _MEMORY_AFTER),
            (after, _MEMORY_AFTER + len(measured.sizes)),
        ):
            what = f"resident memory after {count} tickets"
            rows.append(against(_MEMORY, what, memory))
        sleep(_QUIET)
        rows += idle.measure(home.kiosk)
        home.stop_kiosk()
        rows += start.measure(home)
    rows += paper.measure(measured.sizes)
    return Chapter("Kiosk", tuple(rows))


def _server(rush: Path, calm: Path, ledger: Path) -> Chapter:
    """A server under all that kiosks can send, then one on an ordinary day."""
    rows: list[Measure] = []
    with central(rush) as server:
        rows += issuing.measure(server)
    with central(calm) as server:
        parts: list[Callable[[], Iterator[Measure]]] = [
            lambda: reading.measure(server),
            lambda: board.measure(server),
            lambda: drain.measure(server, ledger),
        ]
        for part in parts:
            rows += part()
    return Chapter("Server", tuple(rows))


def _circumstances(seconds: float, load_before: float) -> Circumstances:
    now = datetime.now(UTC)  # noqa: TID251 - the date of the report
    return Circumstances(
        machine=machine.described(),
        date=f"{now:%Y-%m-%d %H:%M} UTC",
        command=shlex.join(["python", "-m", "bench", *sys.argv[1:]]),
        version=f"{version('seiriken')}, {_commit()}",
        seconds=seconds,
        load=(load_before, machine.load()),
    )


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return f"commit {done.stdout.strip()}" if done.returncode == 0 else "no git"


if __name__ == "__main__":
    sys.exit(main())
