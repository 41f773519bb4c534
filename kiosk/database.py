"""The one door to SQLite: opening the ledger, whole transactions, what can go wrong.

StorageTrouble
├── StorageFull     no room: nothing was written, and no number may be given out
└── LedgerBroken    the file cannot be read or written; a restart sets it aside
LedgerInUse         another process has this ledger
LedgerTooNew        written by a later version of this program
"""

import errno
import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from sqlite3 import Connection, IntegrityError, Row

__all__ = [
    "Connection",
    "Database",
    "IntegrityError",
    "LedgerBroken",
    "LedgerInUse",
    "LedgerLock",
    "LedgerTooNew",
    "Row",
    "StorageFull",
    "StorageTrouble",
    "is_sound",
    "looking",
    "storing",
]

SCHEMA_VERSION = 1
BUSY_S = 10.0
"""How long one connection waits for another's transaction; ours take milliseconds."""

# -shm is grown by writing to it, so a full disk shows there too.
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class StorageTrouble(Exception):
    """Nothing can be written down, so no number may be given out."""


class StorageFull(StorageTrouble):
    """The data partition has no room; nothing was half done."""


class LedgerBroken(StorageTrouble):
    """The ledger file cannot be read or written."""


class LedgerInUse(Exception):
    """Another process works on the same ledger."""


class LedgerTooNew(Exception):
    """The ledger was written by a later version of this program."""


class LedgerLock:
    """One process per ledger. The lock goes with the process, even a killed one."""

    def __init__(self, directory: Path) -> None:
        self._file = os.open(directory / "ledger.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            os.close(self._file)
            raise LedgerInUse(
                f"another seiriken-kiosk uses the ledger in {directory}: stop it first,"
                " or give this one a data directory of its own"
            ) from exc

    def release(self) -> None:
        os.close(self._file)


class Database:
    """One connection to the ledger. Any thread may use it, one at a time.

    Those made by `beside` take turns at writing: SQLite by itself would look again
    after a sleep of some milliseconds, and a visitor would wait for that.
    """

    def __init__(self, path: Path, turn: "threading.RLock | None" = None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._turn = turn or threading.RLock()
        with _named(path):
            self._connection = _connect(path)

    def beside(self) -> "Database":
        """A connection of its own to the same ledger."""
        return Database(self.path, self._turn)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All that is written inside is durable at the end, or none of it is.

        `BEGIN IMMEDIATE` takes the write lock first: what is read inside cannot change
        before it is acted on.
        """
        with self._lock, self._turn, _named(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # After some errors SQLite has rolled back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """For single SELECTs: waits for no writer."""
        with self._lock, _named(self.path):
            yield self._connection

    def close(self) -> None:
        with self._lock:
            self._connection.close()


@contextmanager
def storing(where: Path) -> Iterator[None]:
    """Turn the errors of plain files into ours."""
    try:
        yield
    except OSError as exc:
        if exc.errno in _NO_ROOM:
            raise StorageFull(
                f"no room left for {where}: free some disk space"
            ) from exc
        raise LedgerBroken(f"{where}: {exc.strerror}; check the card") from exc


def is_sound(path: Path) -> bool:
    """Whether the file is a ledger of this program with nothing visibly wrong in it.

    Raises LedgerTooNew for a later version's: to set that aside would lose it.
    """
    try:
        connection = _connect(path)
    except UnicodeDecodeError:
        return False  # SQLite's complaint quotes the damaged schema
    except sqlite3.DatabaseError as exc:
        if _code(exc) in _CORRUPT:
            return False
        raise
    try:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        return bool(verdict == "ok" and broken is None)
    except UnicodeDecodeError:
        return False
    except sqlite3.DatabaseError as exc:
        # A damaged schema shows as a plain SQLITE_ERROR, such as a missing table.
        if _code(exc) in _CORRUPT | {sqlite3.SQLITE_ERROR}:
            return False
        raise
    finally:
        connection.close()


@contextmanager
def looking(path: Path) -> Iterator[Connection]:
    """A connection that cannot change anything, beside a running kiosk or without one.

    LedgerBroken if the file is no ledger, LedgerTooNew for a later version's.
    """
    # Without a write-ahead log nobody has the ledger open: then not even its helper
    # files are made, which would belong to whoever looks.
    alone = not path.with_name(path.name + "-wal").exists()
    address = f"{path.absolute().as_uri()}?{'immutable=1' if alone else 'mode=ro'}"
    try:
        with _named(path):
            connection = sqlite3.connect(
                address, uri=True, timeout=BUSY_S, isolation_level=None
            )
            try:
                connection.row_factory = Row
                _refuse_later(_version(connection), path)
                yield connection
            finally:
                connection.close()
    except UnicodeDecodeError as exc:  # SQLite's complaint quotes the damage
        raise LedgerBroken(
            f"{path} is damaged; restart the kiosk to recover it"
        ) from exc


def _connect(path: Path) -> Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = Row
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a ticket on paper must be in the ledger even after a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        _bring_up(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up(connection: Connection, path: Path) -> None:
    """Make the tables of a new ledger; its version is part of the same transaction."""
    if _version(connection) == 0:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) == 0:
                for statement in _statements():
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    _refuse_later(_version(connection), path)


def _refuse_later(version: int, path: Path) -> None:
    if version > SCHEMA_VERSION:
        raise LedgerTooNew(
            f"{path} has version {version}, this program knows {SCHEMA_VERSION}:"
            " install the newer program again"
        )


def _statements() -> list[str]:
    """The schema one statement at a time: `executescript` would commit in between."""
    statements, part = [], ""
    for line in (files("kiosk") / "schema.sql").read_text("utf-8").splitlines():
        part += line + "\n"
        if sqlite3.complete_statement(part):
            statements.append(part)
            part = ""
    return statements


def _version(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours; a broken rule of the schema stays what it is."""
    try:
        yield
    except IntegrityError:
        raise
    except sqlite3.DatabaseError as exc:
        if _code(exc) in _FULL:
            raise StorageFull(f"no room left for {path}: free some disk space") from exc
        raise LedgerBroken(f"{path}: {exc}; restart the kiosk to recover it") from exc


def _code(exc: sqlite3.Error) -> int:
    """The extended code for I/O errors, else the primary one; -1 if there is none."""
    code: int = getattr(exc, "sqlite_errorcode", -1)
    return code if code & 0xFF == sqlite3.SQLITE_IOERR else code & 0xFF
