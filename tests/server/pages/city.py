"""A whole server on a free port, and a kiosk that reports tickets to it."""

import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import requests
import uvicorn
from fastapi import FastAPI

import server
from protocol.label import label
from protocol.token import make
from server.app import create_app
from server.routes.staff import open_session
from server.running import Server
from server.settings import Settings
from server.store import kiosks, schema, users
from server.store.database import Database
from server.store.users import User

MORNING = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
"""10:00 in Japan."""
CITY = Path(server.__file__).parent.parent / "config" / "city"
PASSWORD = "a-password-of-tests"
PATIENCE = 10


@dataclass
class Clock:
    """The time of the server under test; it stands still until somebody moves it."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Issued:
    """A ticket as the visitor holds it."""

    id: str
    label: str
    token: str


@dataclass
class Kiosk:
    """A kiosk that leases numbers and reports tickets over HTTP, as a real one does."""

    city: "City"
    office: str
    identity: dict
    seq: Iterator[int] = field(default_factory=lambda: count(1))
    serial: Iterator[int] = field(default_factory=lambda: count(1))
    numbers: dict[str, Iterator[int]] = field(default_factory=dict)

    def post(self, path: str, body: dict) -> dict:
        answer = requests.post(
            f"{self.city.url}/api/kiosk/v1/{path}",
            json=body,
            headers={
                "Authorization": f"Bearer {self.identity['credential']}",
                "Idempotency-Key": str(uuid4()),
            },
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        return answer.json()

    def issue(
        self, procedure: str, *, verified=False, outcome="printed", language="ja"
    ):
        """Report a ticket and what became of its paper."""
        ticket, token, events = self.prepare(procedure, verified=verified)
        events[0]["language"] = language
        events[1]["outcome"] = outcome
        self.report(events)
        return Issued(ticket, events[0]["label"], token)

    def prepare(self, procedure: str, *, verified=False) -> tuple[str, str, list[dict]]:
        """A ticket that was printed and not yet reported: its id, token and news."""
        catalogue = self.city.app.state.hall.offices[self.office].catalogue
        series = catalogue.series_of(catalogue.procedure(procedure).series)
        if series.id not in self.numbers:
            wish = {"series": series.id, "count": 99, "kind": "run"}
            lease = self.post("leases", {"request_id": str(uuid4()), **wish})
            self.numbers[series.id] = iter(range(lease["first"], lease["last"] + 1))
        number, serial = next(self.numbers[series.id]), next(self.serial)
        ticket = uuid4()
        at = self.city.clock().isoformat()
        issued = {
            "seq": next(self.seq),
            "kind": "ticket_issued",
            "at": at,
            "ticket_id": str(ticket),
            "serial": serial,
            "series": series.id,
            "number": number,
            "label": label(series, number),
            "procedure": procedure,
            "preapplied": catalogue.procedure(procedure).preapplied,
            "verified": verified,
            "language": "ja",
        }
        printed = {
            "seq": next(self.seq),
            "kind": "print_outcome",
            "at": at,
            "ticket_id": str(ticket),
            "outcome": "printed",
        }
        return str(ticket), self._token(serial), [issued, printed]

    def report(self, events: list[dict]) -> None:
        answer = self.post("events", {"events": events})
        assert answer["refused"] == []

    def call_staff(self, reason: str) -> None:
        at = self.city.clock().isoformat()
        self.report(
            [
                {
                    "seq": next(self.seq),
                    "kind": "staff_called",
                    "at": at,
                    "reason": reason,
                }
            ]
        )

    def _token(self, serial: int) -> str:
        key = b64decode(self.identity["token_key"])
        return make(self.identity["key_id"], serial, key)


@dataclass
class City:
    """The running server. Users: `NAME` of each office, `chief`, `technician`."""

    url: str
    app: FastAPI
    clock: Clock
    chief: str
    sessions: dict[str, str] = field(default_factory=dict)
    kiosks: dict[str, Kiosk] = field(default_factory=dict)

    def session(self, user: str) -> str:
        """A log-in of that user, as its cookie; made once, hashing takes its time."""
        if user not in self.sessions:
            hall = self.app.state.hall
            self.sessions[user] = open_session(hall, user, PASSWORD, "127.0.0.1")
        return self.sessions[user]

    def kiosk(self, office: str) -> Kiosk:
        """The kiosk of that office, enrolled when first asked for."""
        if office not in self.kiosks:
            self.kiosks[office] = self.enrol(office)
        return self.kiosks[office]

    def clear(self, office: str) -> None:
        """End what other tests left there."""
        answer = requests.get(
            f"{self.url}/api/staff/v1/offices/{office}/tickets",
            headers={"Authorization": f"Bearer {self.chief}"},
            params={"state": ["waiting", "called", "serving", "absent", "on_hold"]},
            timeout=PATIENCE,
        )
        for ticket in answer.json()["tickets"]:
            at_desk = ticket["state"] in ("called", "serving")
            action = "finish" if at_desk else "cancel"
            body = {} if at_desk else {"reason": "of another test"}
            self.staff(f"tickets/{ticket['id']}/{action}", body)

    def enrol(self, office: str) -> Kiosk:
        with self.app.state.hall.database.write(self.clock()) as tx:
            code, _ = kiosks.create_code(tx, office)
        answer = requests.post(
            f"{self.url}/api/kiosk/v1/enrol",
            json={"code": code, "agent_address": "http://127.0.0.1:9"},
            headers={"Idempotency-Key": str(uuid4())},
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        return Kiosk(self, office, answer.json())

    def staff(self, path: str, body: dict | None = None) -> dict:
        """One operation of the chief at the staff API, as a program would do it."""
        answer = requests.post(
            f"{self.url}/api/staff/v1/{path}",
            json=body or {},
            headers={
                "Authorization": f"Bearer {self.chief}",
                "Idempotency-Key": str(uuid4()),
            },
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running_city(folder: Path, port: int = 0) -> Iterator[City]:
    """Start a server whose data lies in `folder`; it ends with the block."""
    settings = Settings(
        data=folder,
        catalogue=CITY,
        public_url="http://127.0.0.1",
        always_open=True,
        poll_seconds=3600,
    )
    clock = Clock()
    if not any(folder.glob("*.sqlite3")):
        _prepare(settings, clock())
    app = create_app(settings, now=clock)
    config = uvicorn.Config(
        app,
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    running = Server(config, app.state.hall.bell)
    socket = config.bind_socket()
    ready = threading.Event()
    _when_started(running, ready)
    thread = threading.Thread(target=running.run, args=([socket],), daemon=True)
    thread.start()
    assert ready.wait(PATIENCE), "the server did not start"
    try:
        chief = open_session(app.state.hall, "chief", PASSWORD, "127.0.0.1")
        yield City(f"http://127.0.0.1:{socket.getsockname()[1]}", app, clock, chief)
    finally:
        running.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the server did not stop"


def _when_started(running: Server, ready: threading.Event) -> None:
    startup = running.startup

    async def and_tell(sockets=None):
        await startup(sockets)
        ready.set()

    running.startup = and_tell


def _prepare(settings: Settings, now: datetime) -> None:
    database = Database(settings.database)
    schema.upgrade(database.engine)
    with database.write(now) as tx:
        kiosks.make_server_key(tx)
        users.put_user(tx, User("chief", "administrator", None), PASSWORD)
        users.put_user(tx, User("technician", "technician", None), PASSWORD)
        for office in ("chuo", "inage", "midori", "mihama"):
            users.put_user(tx, User(office, "counter", office), PASSWORD)
    database.close()
