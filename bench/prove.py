"""`make prove`: the long proofs, with their results in docs/measured/.

    python -m bench.prove [NAME …] [--kills N] [--tickets N]

Ends with 1 if a promise was broken or nothing was there to break.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.proofs import report
from bench.proofs.crash import SIDES, STATES, Tally, kill_again_and_again
from bench.proofs.marks import Mark
from bench.proofs.offline_day import OfflineDay, a_day_offline
from bench.proofs.soak import Soak, soak
from bench.proofs.two_kiosks import TwoKiosks, two_kiosks

OFFICE_KILLS: Final = 100
"""Kills of one office; then it is judged, and the next begins with a new server."""
SEED: Final = 20261124
DRAIN_GOAL_S: Final = 10.0

Faults = tuple[str, ...]


def main(arguments: list[str] | None = None) -> int:
    """0 if every promise was kept, 1 if one was not; argparse exits with 2."""
    parser = argparse.ArgumentParser(prog="bench.prove", description=__doc__)
    parser.add_argument("names", nargs="*", choices=(*PROOFS, []), metavar="NAME")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--tickets", type=int, default=2500, help="of the offline day")
    given = parser.parse_args(arguments)
    broken = 0
    for name in given.names or PROOFS:
        print(f"{name} …", flush=True)
        with tempfile.TemporaryDirectory(prefix=f"prove-{name}-") as directory:
            faults = PROOFS[name](Path(directory), given)
        broken += len(faults)
        for fault in faults[:20]:
            print(f"  {fault}", flush=True)
        print(f"{name}: {'kept' if not faults else 'BROKEN'}", flush=True)
    return 1 if broken else 0


def _crash(directory: Path, given: argparse.Namespace) -> Faults:
    total, office = Tally(), 0
    while total.kills < given.kills:
        kills = min(OFFICE_KILLS, given.kills - total.kills)
        tally = kill_again_and_again(
            directory / str(office), kills=kills, seed=SEED + office
        )
        total.add(tally)
        office += 1
        print(f"  {total.kills} kills, {len(total.faults)} faults", flush=True)
    faults = (
        *total.faults,
        *(
            f"no kill fell in {what}: it proves nothing there"
            for what in total.never_hit
        ),
    )
    report.write(
        "crash",
        "kill -9 at any instant",
        f"python -m bench.prove crash --kills {given.kills}",
        _today(),
        _crash_page(total, office, faults),
    )
    return faults


def _crash_page(tally: Tally, offices: int, faults: Faults) -> tuple[str, ...]:
    sides = [
        (write, tally.marks[before], tally.marks[after])
        for write, (before, after) in SIDES.items()
    ]
    return (
        "One kiosk process (flow, hands, ledger, number book, print desk, driver, line"
        " to the server) is killed with SIGKILL again and again while visitors press as"
        " fast as tickets come out; each new life opens what the last one left. The"
        " virtual printer and the server (HTTP, SQLite) run in processes that are never"
        " killed, and the verdict comes from the sheets that came out and the server's"
        " list alone. Half of the kills fall at a uniformly random instant, half a"
        " random moment after a chosen phase had begun; in some lives paper ends, the"
        " cable breaks, the cutter jams or the cover is open.",
        report.verdict(faults),
        report.table(
            ("figure", "count"),
            [
                ("kills", tally.kills),
                ("offices (server, printer and kiosk begun anew)", offices),
                ("tickets at the server", tally.tickets),
                ("sheets out of the printer", tally.sheets),
                ("whole tickets on paper", tally.whole),
                ("parts of tickets on paper", tally.parts),
                ("whole tickets marked 再発行", tally.reissued),
                ("seconds", f"{tally.seconds:.0f}"),
            ],
        ),
        "## Where the kills fell",
        "By the state in which the ledger had the ticket in hand:",
        report.table(
            ("state", "kills"),
            [
                (state, tally.states[state])
                for state in (*STATES, *(set(tally.states) - set(STATES)))
            ],
        ),
        "By phase:",
        report.table(("phase", "kills"), [(m.name, tally.marks[m]) for m in Mark]),
        "On both sides of each durable write:",
        report.table(("write", "before its commit", "after it"), sides),
        "## What became of the tickets at the server",
        report.table(("print state", "tickets"), sorted(tally.prints.items())),
    )


def _offline_day(directory: Path, given: argparse.Namespace) -> Faults:
    day = a_day_offline(directory / "office", tickets=given.tickets)
    faults = day.faults
    if day.drain_s > DRAIN_GOAL_S:
        faults += (f"telling the server took {day.drain_s:.1f} s",)
    report.write(
        "offline-day",
        "A day offline",
        f"python -m bench.prove offline-day --tickets {given.tickets}",
        _today(),
        _offline_page(day, faults),
    )
    return faults


def _offline_page(day: OfflineDay, faults: Faults) -> tuple[str, ...]:
    return (
        "The kiosk starts in the morning from its data directory without any network,"
        " with the reserves it leased the day before, and issues from 09:00 to 17:00 by"
        " a clock that is handed in. Then the server is back, and one round tells it"
        " everything. Complete means: every ticket is in the server's list, printed, in"
        " the order in which the sheets came out of the printer.",
        report.verdict(faults),
        report.table(
            ("figure", "value"),
            [
                ("tickets issued and printed without the server", day.tickets),
                ("sheets out of the printer", day.sheets),
                ("events told", day.events),
                ("seconds to tell them (goal: 10)", f"{day.drain_s:.1f}"),
                (
                    "milliseconds a ticket (touch, ledger, printer, paper taken)",
                    f"{day.issue_s * 1000 / max(day.tickets, 1):.0f}",
                ),
            ],
        ),
        report.table(("procedure", "tickets"), sorted(day.by_procedure.items())),
    )


def _two_kiosks(directory: Path, given: argparse.Namespace) -> Faults:
    rush = two_kiosks(directory / "rush", tickets=1000)
    long = soak(directory / "soak", tickets=2000)
    faults = (*rush.faults, *long.faults)
    report.write(
        "two-kiosks",
        "Two kiosks on one series, and a soak",
        "python -m bench.prove two-kiosks",
        _today(),
        _rush_page(rush, long, faults),
    )
    return faults


def _rush_page(rush: TwoKiosks, long: Soak, faults: Faults) -> tuple[str, ...]:
    return (
        "Two kiosk processes press the same button as fast as paper comes out, against"
        " one server over HTTP. No number may be on two sheets, and the staff's list"
        " must be in the order of the times of issue, those printed on the paper"
        " included. Then one kiosk issues tickets without a pause, and its memory and"
        " open files are looked at.",
        report.verdict(faults),
        report.table(
            ("figure of the two kiosks", "value"),
            [
                ("tickets", rush.tickets),
                *((f"by {name}", n) for name, n in sorted(rush.per_kiosk.items())),
                ("changes between the machines along the queue", rush.turns),
                (
                    "tickets a second, both together",
                    f"{rush.tickets / rush.seconds:.0f}",
                ),
            ],
        ),
        report.table(
            ("figure of the soak", "start", "end"),
            [
                ("tickets", long.start.tickets, long.end.tickets),
                ("resident memory, MB", *_mb(long.start.memory, long.end.memory)),
                ("open files", long.start.files, long.end.files),
            ],
        ),
        f"Over the second half memory grew by {long.slope:.2f} kB a ticket.",
    )


def _mb(*kilobytes: int) -> tuple[str, ...]:
    return tuple(f"{kb / 1024:.1f}" for kb in kilobytes)


def _today() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a page says when it was made


PROOFS: Final[dict[str, Callable[[Path, argparse.Namespace], Faults]]] = {
    "crash": _crash,
    "offline-day": _offline_day,
    "two-kiosks": _two_kiosks,
}


if __name__ == "__main__":
    sys.exit(main())
