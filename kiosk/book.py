"""The number book: a second record of the numbers, independent of the ledger.

One append-only file for each business day, `numbers-YYYY-MM-DD.log`, one fact a line,
`crc32 json`. It answers one question: which numbers are gone, if the ledger file is
corrupt, lost or older than it should be?

The order matters. A ticket is committed to the ledger first, then written here and made
durable, and only then may a byte go to the printer. So a ticket that is in the ledger
and not in the book was never printed, and every number on paper is in the book.

Outcomes are noted without waiting for the card: they help a rebuilt ledger to know what
came out, but no number hangs on them.
"""

import json
import os
import re
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import JsonValue, ValidationError

from kiosk.database import StorageTrouble, storing
from kiosk.files import sync_directory
from protocol.evidence import outweighs
from protocol.messages import Lease, PrintOutcome, TicketIssued, TicketVoided

KEPT = 7
"""Files kept; counted, not dated, so that a long holiday throws nothing away."""

_NAME = re.compile(r"numbers-(\d{4}-\d{2}-\d{2})\.log")


@dataclass(frozen=True, slots=True)
class Noted:
    """A ticket as the book has it."""

    day: date
    seq: int
    issued: TicketIssued
    outcome: PrintOutcome | None = None
    voided: TicketVoided | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What can be read: the leases by the last full list, and every ticket noted.

    `last_day` is the day of the last ticket, without any that of the last file.
    `garbled` counts lines that are neither whole nor the torn end of a file.
    """

    leases: tuple[Lease, ...]
    tickets: tuple[Noted, ...]
    garbled: int
    last_day: date | None


class NumberBook:
    """Appends facts; any thread may write. Opened files are closed with `close`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._day: date | None = None
        self._file = -1

    def is_open_for(self, day: date) -> bool:
        """Whether the day's file was begun by this process, the leases at its head."""
        return self._day == day

    def note_leases(self, day: date, leases: tuple[Lease, ...]) -> None:
        """The full list of leases held from now on; also opens the file of a new day.

        A full list: what was given back or withdrawn cannot come alive again.
        """
        listed: list[JsonValue] = [lease.model_dump(mode="json") for lease in leases]
        self._append(day, {"leases": listed}, durable=True)

    def note_ticket(self, day: date, seq: int, issued: TicketIssued) -> None:
        """A ticket, before any byte of it goes to the printer."""
        ticket: JsonValue = issued.model_dump(mode="json")
        self._append(day, {"seq": seq, "ticket": ticket}, durable=True)

    def note_later(self, day: date, what: PrintOutcome | TicketVoided) -> None:
        """What became of a ticket."""
        self._append(day, {what.kind: what.model_dump(mode="json")}, durable=False)

    def read(self) -> Contents:
        """Everything the kept files say."""
        leases: tuple[Lease, ...] = ()
        tickets: dict[str, Noted] = {}
        garbled = 0
        days = sorted(_days(self._directory))
        for day in days:
            for fact in _facts(_path(self._directory, day)):
                try:
                    if fact is None:
                        garbled += 1
                    elif "leases" in fact:
                        leases = _leases(fact["leases"])
                    else:
                        _take(day, fact, tickets)
                except (ValidationError, KeyError, TypeError):
                    garbled += 1
        last = days[-1] if days else None
        if tickets:
            # Not the latest date: a wild clock may once have been far ahead.
            last = max(tickets.values(), key=lambda noted: noted.issued.serial).day
        return Contents(leases, tuple(tickets.values()), garbled, last)

    def close(self) -> None:
        with self._lock:
            self._shut()

    def _append(self, day: date, fact: dict[str, JsonValue], *, durable: bool) -> None:
        text = json.dumps(fact, ensure_ascii=False, separators=(",", ":")).encode()
        line = b"%08x %s\n" % (zlib.crc32(text), text)
        with self._lock:
            try:
                with storing(_path(self._directory, day)):
                    if self._day != day:
                        self._turn_to(day)
                    _write(self._file, line)
                    if durable:
                        os.fdatasync(self._file)  # with the length; times can wait
            except StorageTrouble:
                # Opened anew, a line that stayed torn is seen and closed off.
                self._shut()
                raise

    def _turn_to(self, day: date) -> None:
        self._shut()
        path = _path(self._directory, day)
        new = not path.exists()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            # A torn line: ours must not be joined to it.
            _write(self._file, b"\n")
        if new:
            sync_directory(self._directory)
            for old in sorted(_days(self._directory))[:-KEPT]:
                _path(self._directory, old).unlink()
        self._day = day

    def _shut(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file, self._day = -1, None


def _write(file: int, line: bytes) -> None:
    """The whole line, or none of it."""
    size = os.fstat(file).st_size
    try:
        written = os.write(file, line)
        while written < len(line):
            written += os.write(file, line[written:])
    except OSError:
        with suppress(OSError):  # the first error is the one to tell
            os.ftruncate(file, size)
        raise


def _path(directory: Path, day: date) -> Path:
    return directory / f"numbers-{day.isoformat()}.log"


def _days(directory: Path) -> Iterator[date]:
    for path in directory.glob("numbers-*.log"):
        if (found := _NAME.fullmatch(path.name)) is not None:
            yield date.fromisoformat(found[1])


def _facts(path: Path) -> Iterator[dict[str, JsonValue] | None]:
    """The facts of one file; None for a garbled line. A torn last one is no line."""
    *lines, _torn = path.read_bytes().split(b"\n")
    for line in lines:
        crc, _, text = line.partition(b" ")
        if crc != b"%08x" % zlib.crc32(text):
            yield None
            continue
        fact = json.loads(text)
        yield fact if isinstance(fact, dict) else None


def _leases(listed: JsonValue) -> tuple[Lease, ...]:
    if not isinstance(listed, list):
        raise TypeError("the leases are a list")
    return tuple(Lease.model_validate(lease) for lease in listed)


def _take(day: date, fact: dict[str, JsonValue], tickets: dict[str, Noted]) -> None:
    """Add one fact to the tickets read so far."""
    if "ticket" in fact:
        issued = TicketIssued.model_validate(fact["ticket"])
        seq = fact["seq"]
        if not isinstance(seq, int):
            raise TypeError("a sequence number is whole")
        tickets[str(issued.ticket_id)] = Noted(day, seq, issued)
    elif "print_outcome" in fact:
        outcome = PrintOutcome.model_validate(fact["print_outcome"])
        seen = tickets[str(outcome.ticket_id)]
        if seen.outcome is None or outweighs(outcome.outcome, seen.outcome.outcome):
            tickets[str(outcome.ticket_id)] = Noted(
                seen.day, seen.seq, seen.issued, outcome, seen.voided
            )
    elif "ticket_voided" in fact:
        voided = TicketVoided.model_validate(fact["ticket_voided"])
        seen = tickets[str(voided.ticket_id)]
        tickets[str(voided.ticket_id)] = Noted(
            seen.day, seen.seq, seen.issued, seen.outcome, voided
        )
