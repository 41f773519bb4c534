"""The central server of a proof: its own process, real SQLite, spoken to over HTTP."""

import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import requests
from sqlalchemy import select

from bench.proofs.city import OFFICE, write_city
from bench.proofs.clock import ProofClock
from bench.proofs.serving import settings_of
from kiosk import provision
from kiosk.identity import Identity
from kiosk.line import Line
from server.app import offices_of
from server.rules.ticket import Ticket
from server.store import counters, kiosks, schema, users
from server.store.database import Database
from server.store.log import Cause
from server.store.queue import listed
from server.tables import dead_letters, events

CHECKOUT: Final = Path(__file__).parents[2]
PUBLIC_URL: Final = "https://queue.example.jp"
HOST: Final = "queue.example.jp"
"""What stands on the last line of each ticket."""
CLERK: Final = ("clerk", "a password of the proof")
START_PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Known:
    """A ticket as the server has it; `voided` is the reason, `grade` of the last word.

    `grade` is empty when no outcome was reported or the printer gave no evidence.
    """

    ticket: Ticket
    voided: str = ""
    grade: str = ""


class Central:
    """Prepared by the constructor; `start` and `stop` as often as one likes."""

    def __init__(
        self, directory: Path, clock: ProofClock, *, opening: str = "always"
    ) -> None:
        self._directory, self._opening = directory, opening
        self._data = directory / "server"
        self._data.mkdir(parents=True)
        self._catalogue = write_city(directory / "city")
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self._prepare(clock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, clock: ProofClock) -> None:
        """Serve with that clock, on the same port as before; back when it answers."""
        command = (
            *(sys.executable, "-m", "bench.proofs.serving"),
            *(str(self._data), str(self._catalogue), str(self.port), PUBLIC_URL),
            *(self._opening, clock.as_text()),
        )
        with (self._directory / "server.log").open("a") as log:
            process = subprocess.Popen(
                command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self._process = process
        assert process.stdout is not None
        told = process.stdout.readline()
        if not told:
            raise RuntimeError(f"the server did not start: {self.log()}")
        self.port = int(told.rsplit(":", 1)[1].strip("/\n"))
        answer = requests.get(f"{self.url}/readyz", timeout=START_PATIENCE)
        answer.raise_for_status()

    def stop(self) -> None:
        """Ask it to end; what it was told stays in its database."""
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        if self._process.returncode is None:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    def __enter__(self) -> "Central":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def log(self) -> str:
        return (self._directory / "server.log").read_text()

    def enrol(self, data: Path, clock: ProofClock) -> Identity:
        """A new kiosk of the office, enrolled over HTTP; its keys lie in `data`."""
        data.mkdir(parents=True, mode=0o700)
        database = self._database()
        with database.write(clock.now()) as tx:
            code, _ = kiosks.create_code(tx, OFFICE)
        database.close()
        with requests.Session() as session:
            line = Line(session, self.url)
            return provision.provision(
                data, line, code, "http://127.0.0.1:1", lambda: uuid4().hex
            )

    def known(self, day: date) -> tuple[Known, ...]:
        """Every ticket of that day, by time of issue, from the server's database."""
        database = self._database()
        with database.read() as connection:
            tickets = [one.ticket for one in listed(connection, OFFICE, day, None)]
            voided: dict[UUID, str] = {}
            grades: dict[UUID, str] = {}
            for row in connection.execute(select(events).order_by(events.c.seq)):
                if row.type == "void":
                    voided[row.ticket_id] = row.reason
                elif row.ticket_id is not None and "grade" in row.payload:
                    grades[row.ticket_id] = row.payload["grade"]
        database.close()
        return tuple(
            Known(one, voided.get(one.id, ""), grades.get(one.id, ""))
            for one in tickets
        )

    def dead_letters(self) -> tuple[str, ...]:
        """Why events were refused."""
        database = self._database()
        with database.read() as connection:
            rows = connection.execute(select(dead_letters.c.title)).scalars()
            titles = tuple(rows)
        database.close()
        return titles

    def clerk(self) -> "Clerk":
        """A person at the staff console."""
        return Clerk(self.url)

    def _database(self) -> Database:
        settings = settings_of(
            self._data, self._catalogue, 0, PUBLIC_URL, self._opening
        )
        return Database(settings.database)

    def _prepare(self, clock: ProofClock) -> None:
        settings = settings_of(
            self._data, self._catalogue, 0, PUBLIC_URL, self._opening
        )
        database = Database(settings.database)
        schema.upgrade(database.engine)
        offices = offices_of(settings)
        with database.write(clock.now()) as tx:
            kiosks.make_server_key(tx)
            name, password = CLERK
            users.put_user(tx, users.User(name, "supervisor", OFFICE), password)
            for counter in offices[OFFICE].catalogue.counters:
                cause = Cause("system", reason="opened for a proof")
                counters.set_open(
                    tx, offices[OFFICE], counter.id, open=True, cause=cause
                )
        database.close()


class Clerk:
    """What the staff console shows, over HTTP."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/api/staff/v1"
        name, password = CLERK
        answer = requests.post(
            f"{self._url}/login", json={"user": name, "password": password}, timeout=10
        )
        answer.raise_for_status()
        self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def tickets(self, *states: str) -> list[dict[str, Any]]:
        """The list of the office in the order in which it would be called."""
        answer = requests.get(
            f"{self._url}/offices/{OFFICE}/tickets",
            params={"state": list(states)},
            headers=self._headers,
            timeout=60,
        )
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["tickets"]
        return found
