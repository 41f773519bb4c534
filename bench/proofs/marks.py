"""Where a kiosk is, left in shared memory so that it can be read after a kill.

The marks are set by thin wrappers handed in where the kiosk takes its store, its number
book and the records of its print desk: what is between two marks is one durable write.
"""

import mmap
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import Self
from uuid import UUID

from drivers import Outcome
from kiosk.book import NumberBook
from kiosk.clock import Moment
from kiosk.store import Store
from kiosk.tickets import IssuedTicket
from protocol.messages import TicketIssued

_SIZE = 8


class Mark(IntEnum):
    """The instants around the four writes that a ticket makes, in their order."""

    STARTING = 0
    """Opening and settling the ledger, connecting."""
    READY = 1
    ISSUING = 2
    """Before the commit of number, row and news."""
    ISSUED = 3
    """That commit is done; the number book's line is being written."""
    NOTED = 4
    """The line is durable; the printer is being asked."""
    SENDING = 5
    """Before the commit of SENT."""
    SENT = 6
    """That commit is done; bytes go out and the printer works."""
    ENDING = 7
    """Before the commit of the outcome."""
    ENDED = 8
    """The outcome is durable; the visitor takes the paper."""


class Board:
    """One mark and a count of tickets issued by this life, shared by a file."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SIZE)

    @property
    def mark(self) -> Mark:
        return Mark(self._memory[0])

    @property
    def tickets(self) -> int:
        return self._memory[1]

    def put(self, mark: Mark) -> None:
        self._memory[0] = mark

    def count_ticket(self) -> None:
        self._memory[1] = min(self._memory[1] + 1, 255)

    def begin_life(self) -> None:
        self._memory[0], self._memory[1] = Mark.STARTING, 0

    def close(self) -> None:
        self._memory.close()


class MarkedBook(NumberBook):
    """A number book that tells the board of each ticket's line."""

    def __init__(self, directory: Path, board: Board) -> None:
        super().__init__(directory)
        self._board = board

    def note_ticket(self, day: date, seq: int, issued: TicketIssued) -> None:
        self._board.put(Mark.ISSUED)
        super().note_ticket(day, seq, issued)
        self._board.put(Mark.NOTED)


class MarkedStore(Store):
    """A ledger that tells the board when a number is being taken."""

    board: Board

    @classmethod
    def at(cls, directory: Path, board: Board, *, now: Moment, reserve: int) -> Self:
        store = cls.open(
            directory,
            now=now,
            reserve=reserve,
            open_book=lambda place: MarkedBook(place, board),
        )
        store.board = board
        return store

    def issue(
        self,
        procedure: str,
        touch_id: UUID,
        *,
        language: str,
        now: Moment,
        shown: tuple[int, int] | None = None,
        verified: bool = False,
    ) -> IssuedTicket:
        self.board.put(Mark.ISSUING)
        ticket = super().issue(
            procedure,
            touch_id,
            language=language,
            now=now,
            shown=shown,
            verified=verified,
        )
        self.board.count_ticket()
        return ticket


class MarkedRecords:
    """The print desk's records: a store, and the board told of each of its commits."""

    def __init__(self, store: Store, board: Board) -> None:
        self._store, self._board = store, board

    def mark_sent(self, ticket_id: UUID, now: Moment) -> None:
        self._board.put(Mark.SENDING)
        self._store.mark_sent(ticket_id, now)
        self._board.put(Mark.SENT)

    def record_outcome(
        self,
        ticket_id: UUID,
        outcome: Outcome,
        now: Moment,
        *,
        cause: str,
        grade: str,
        copy_number: int,
    ) -> None:
        self._board.put(Mark.ENDING)
        self._store.record_outcome(
            ticket_id, outcome, now, cause=cause, grade=grade, copy_number=copy_number
        )
        self._board.put(Mark.ENDED)

    def paper_hangs(self, hangs: bool) -> None:
        self._store.paper_hangs(hangs)

    def is_over(self, ticket_id: UUID, now: Moment) -> bool:
        return self._store.is_over(ticket_id, now)

    def command_done(
        self, command_id: UUID, now: Moment, *, ok: bool, detail: str = ""
    ) -> None:
        self._store.command_done(command_id, now, ok=ok, detail=detail)
