"""The queue of this moment, kept in memory beside the database, for whoever only looks.

Filled once from the database and then carried along by the news of every commit, in
commit order; so figures, boards and phones never ask the database and never wait.
"""

import threading
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from server.offices import Office, Offices
from server.rules.pools import PastService
from server.rules.staffing import minutes_between
from server.rules.ticket import OPEN, State, Ticket
from server.store import queue
from server.store.counters import posts
from server.store.database import Database, News, Post, Transaction


@dataclass(frozen=True, slots=True)
class Announcement:
    """One call as the board shows it; `kind` is call, recall, undo or over.

    `over`: whoever was called has been seen to, or is not there; nobody is called now.
    """

    seq: int
    kind: str
    office: str
    ticket: UUID
    label: str
    counter: str
    procedure: str
    at: datetime
    over: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """One office at one moment: today's open tickets and what else figures need."""

    day: date
    tickets: tuple[Ticket, ...]
    runs: dict[str, int]
    posts: dict[str, Post]
    last_called: dict[str, str]
    finished: dict[str, tuple[PastService, ...]]
    freed: dict[str, datetime]
    calls: tuple[Announcement, ...]


@dataclass(slots=True)
class _Day:
    day: date
    tickets: dict[UUID, Ticket] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)
    last_called: dict[str, str] = field(default_factory=dict)
    finished: dict[str, list[PastService]] = field(default_factory=dict)
    freed: dict[str, datetime] = field(default_factory=dict)
    calls: list[Announcement] = field(default_factory=list)


BOARD = 12
"""So many calls a board may want to show."""


class Live:
    """Every office's queue, by office."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices
        self._days: dict[str, _Day] = {}
        self._posts: dict[str, dict[str, Post]] = {}
        self._lock = threading.Lock()

    def load(self, database: Database, now: datetime) -> None:
        """Read every office from the database; before the first write."""
        with database.read() as connection:
            for office in self._offices.values():
                today = office.day(now)
                day = _Day(today)
                for ticket in queue.open_tickets(connection, office.id, today):
                    day.tickets[ticket.id] = ticket
                for listed in queue.listed(connection, office.id, today, ["done"]):
                    _note_finished(day, listed.ticket)
                day.runs = queue.runs(connection, office.id, today)
                day.last_called = queue.last_called(connection, office.id, today)
                self._days[office.id] = day
                self._posts[office.id] = posts(connection, office)

    def follow(self, tx: Transaction) -> list[Announcement]:
        """Carry one committed transaction along; the calls that were in it."""
        made: list[Announcement] = []
        with self._lock:
            for news in tx.news:
                if (call := self._note(news)) is not None:
                    made.append(call)
            for post in tx.posts_changed:
                self._posts[post.office][post.id] = post
            for change in tx.runs_changed:
                self._today(change.office, change.day).runs[change.group] = change.run
        return made

    def scene(self, office: Office, now: datetime) -> Scene:
        """The office at `now`; empty when its business day has just begun."""
        with self._lock:
            day = self._days[office.id]
            today = office.day(now)
            if day.day < today:
                day = self._days[office.id] = _Day(today)
            return Scene(
                day.day,
                tuple(day.tickets.values()),
                dict(day.runs),
                dict(self._posts[office.id]),
                dict(day.last_called),
                {id: tuple(some) for id, some in day.finished.items()},
                dict(day.freed),
                tuple(day.calls),
            )

    def _today(self, office: str, day: date) -> _Day:
        current = self._days[office]
        if day > current.day:
            current = self._days[office] = _Day(day)
        return current

    def _note(self, news: News) -> Announcement | None:
        ticket = news.ticket
        day = self._today(ticket.office, ticket.day)
        if ticket.day != day.day:
            return None
        if ticket.state in OPEN:
            day.tickets[ticket.id] = ticket
        else:
            day.tickets.pop(ticket.id, None)
        if ticket.state is State.DONE and news.type == "finish":
            _note_finished(day, ticket)
        return _note_call(day, news)


def _note_call(day: _Day, news: News) -> Announcement | None:
    ticket = news.ticket
    if news.type in queue.CALL_TYPES:
        kind = "call"
        day.last_called[ticket.procedure] = ticket.label
    elif news.type in {"recall", "undo"}:
        kind = news.type
    else:
        return _note_over(day, news)
    counter = ticket.counter or (news.before.counter if news.before else None)
    call = Announcement(
        news.seq,
        kind,
        ticket.office,
        ticket.id,
        ticket.label,
        counter or "",
        ticket.procedure,
        news.at,
    )
    day.calls = [one for one in day.calls if one.ticket != ticket.id]
    if kind != "undo":
        day.calls = [call, *day.calls][:BOARD]
    return call


def _note_over(day: _Day, news: News) -> Announcement | None:
    """The call stays in the list, but nobody is called any more."""
    if news.ticket.state.value in queue.AT_COUNTER:
        return None
    for index, call in enumerate(day.calls):
        if call.ticket == news.ticket.id and not call.over:
            day.calls[index] = replace(call, over=True)
            return replace(call, kind="over", seq=news.seq, at=news.at, over=True)
    return None


def _note_finished(day: _Day, ticket: Ticket) -> None:
    if ticket.counter is None or ticket.called_at is None or ticket.ended_at is None:
        return
    minutes = minutes_between(ticket.called_at, ticket.ended_at)
    past = PastService(ticket.procedure, ticket.preapplied, minutes)
    day.finished.setdefault(ticket.counter, []).append(past)
    day.freed[ticket.counter] = ticket.ended_at
