"""The database: many readers, one writer at a time, durable before it is answered.

SQLite runs in WAL with `synchronous=FULL` and takes its write lock at BEGIN; a second
writer process would starve, so there is one server process, and inside it one lock.
On PostgreSQL the same lock keeps the order of events that of their commits.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from server.rules.ticket import Ticket

READERS = 40


@dataclass(frozen=True, slots=True)
class News:
    """What a commit did to one ticket, for boards, figures and phones."""

    seq: int
    type: str
    ticket: Ticket
    before: Ticket | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Post:
    """A counter as it is staffed. `changed_at`: when it was opened or closed last."""

    id: str
    office: str
    open: bool
    user: str | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """A group's fast calls since its last ordinary one, as it now stands."""

    office: str
    group: str
    day: date
    run: int


@dataclass(slots=True)
class Transaction:
    """One change under way: its connection, its instant, what to tell afterwards."""

    connection: Connection
    now: datetime
    news: list[News] = field(default_factory=list)
    offices_changed: set[str] = field(default_factory=set)
    posts_changed: list[Post] = field(default_factory=list)
    runs_changed: list[Run] = field(default_factory=list)
    days_begun: list[tuple[str, date]] = field(default_factory=list)
    kiosks_ordered: set[str] = field(default_factory=set)
    help_changed: set[str] = field(default_factory=set)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only what happened inside, if it raises."""
        told = [len(some) for some in self._told()]
        # Said by hand: the library compiles a name for each one, every time.
        self.connection.exec_driver_sql("SAVEPOINT inside")
        try:
            yield
        except BaseException:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT inside")
            self.connection.exec_driver_sql("RELEASE SAVEPOINT inside")
            for some, length in zip(self._told(), told, strict=True):
                del some[length:]
            raise
        self.connection.exec_driver_sql("RELEASE SAVEPOINT inside")

    def _told(self) -> tuple[list[Any], ...]:
        return self.news, self.posts_changed, self.runs_changed, self.days_begun


Listener = Callable[[Transaction], None]


class Database:
    """Opens connections; `write` is the only way to change anything."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._writing = threading.Lock()
        self._listeners: list[Listener] = []
        self.commits = 0

    def on_commit(self, listener: Listener) -> None:
        """Call `listener` after each commit, in commit order; it must be quick."""
        self._listeners.append(listener)

    @contextmanager
    def write(self, now: datetime) -> Iterator[Transaction]:
        """One transaction: committed at the end of the block, undone if it raises."""
        with self._writing:
            with self.engine.connect() as connection:
                writer = connection.execution_options(writes=True)
                with writer.begin():
                    transaction = Transaction(writer, now)
                    yield transaction
            self.commits += 1
            for listener in self._listeners:
                listener(transaction)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view that never waits for the writer."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def trouble(self) -> str:
        """Why the database does not answer; empty if it does."""
        try:
            with self.read() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError as exc:
            return str(exc.orig)
        return ""

    def close(self) -> None:
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL with the promises this server needs."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, pool_size=READERS, max_overflow=0)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Without this the driver begins by itself, late and without the write lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=10000",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    begin = "BEGIN IMMEDIATE" if options.get("writes") else "BEGIN"
    connection.exec_driver_sql(begin)
