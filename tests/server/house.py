"""A whole server in one process, with its clock in the test's hand."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient

import server
from protocol.label import label
from server.app import create_app
from server.hall import Hall
from server.settings import Settings
from server.store import kiosks, schema, users
from server.store.database import Database
from server.store.users import User

CITY = Path(server.__file__).parent.parent / "config" / "city"
MORNING = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Japan."""
PEOPLE = (
    User("hana", "counter", "chuo"),
    User("ken", "counter", "chuo"),
    User("chief", "supervisor", "chuo"),
    User("midori", "counter", "midori"),
    User("tech", "technician", None),
)
PASSWORD = "a-long-password"
KIOSK = "/api/kiosk/v1"
STAFF = "/api/staff/v1"
PUBLIC = "/api/public/v1"


@dataclass
class Clock:
    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


@dataclass
class Kiosk:
    """A kiosk as the protocol has it: leases numbers, keeps a journal, reports it."""

    house: "House"
    identity: dict[str, Any]
    seq: Iterator[int] = field(default_factory=lambda: count(1))
    serial: Iterator[int] = field(default_factory=lambda: count(1))
    stock: dict[str, list[int]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.identity["kiosk_id"]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.identity['credential']}"}

    def post(self, path: str, body: dict, **headers: str):
        return self.house.client.post(
            f"{KIOSK}{path}", json=body, headers={**self.headers, **key(), **headers}
        )

    def get(self, path: str, **headers: str):
        return self.house.client.get(
            f"{KIOSK}{path}", headers={**self.headers, **headers}
        )

    def lease(self, series: str, count: int = 20, kind: str = "run", **more) -> dict:
        wish = {"request_id": str(uuid4()), "series": series, "count": count}
        return self.post("/leases", {**wish, "kind": kind, **more}).json()

    def number(self, series: str) -> int:
        if not self.stock.get(series):
            got = self.lease(series)
            self.stock[series] = list(range(got["first"], got["last"] + 1))
        return self.stock[series].pop(0)

    def issued(self, procedure: str = "moving", **changes: Any) -> dict:
        """The news of a fresh ticket, not reported yet."""
        catalogue = self.house.hall.offices[self.identity["office"]].catalogue
        found = catalogue.procedure(procedure)
        series = catalogue.series_of(found.series or "")
        number = changes.pop("number", None) or self.number(series.id)
        return {
            "seq": next(self.seq),
            "kind": "ticket_issued",
            "at": self.house.clock().isoformat(),
            "clock_trust": "ntp",
            "ticket_id": str(uuid4()),
            "serial": next(self.serial),
            "series": series.id,
            "number": number,
            "label": label(series, number),
            "procedure": procedure,
            "preapplied": found.preapplied,
            "verified": False,
            "language": "ja",
            **changes,
        }

    def event(self, kind: str, **fields: Any) -> dict:
        at = self.house.clock().isoformat()
        return {"seq": next(self.seq), "kind": kind, "at": at, **fields}

    def report(self, *events: dict) -> dict:
        answer = self.post("/events", {"events": list(events)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def print(self, procedure: str = "moving", **changes: Any) -> dict:
        """Issue a ticket, print it, report both: somebody waits."""
        news = self.issued(procedure, **changes)
        paper = self.event(
            "print_outcome", ticket_id=news["ticket_id"], outcome="printed"
        )
        assert self.report(news, paper)["refused"] == []
        return news


@dataclass
class Clerk:
    """A member of the staff with a session."""

    house: "House"
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, path: str, body: dict | None = None, **headers: str):
        return self.house.client.post(
            f"{STAFF}{path}",
            json=body or {},
            headers={**self.headers, **key(), **headers},
        )

    def get(self, path: str):
        return self.house.client.get(f"{STAFF}{path}", headers=self.headers)

    def next(self, counter: str = "chuo_3") -> dict | None:
        """Press next, as slowly as people do: sooner it would be the same press."""
        self.house.clock.forward(seconds=3)
        answer = self.post(f"/counters/{counter}/next")
        assert answer.status_code == 200, answer.text
        return answer.json()["ticket"]

    def act(self, ticket: dict | str, action: str, **body: Any):
        id = ticket if isinstance(ticket, str) else ticket["id"]
        return self.post(f"/tickets/{id}/{action}", body)

    def did(self, ticket: dict | str, action: str, **body: Any) -> dict:
        answer = self.act(ticket, action, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()["ticket"]

    def tickets(self, office: str = "chuo", query: str = "") -> list[dict]:
        answer = self.get(f"/offices/{office}/tickets{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["tickets"]

    def ticket(self, id: str) -> dict:
        return self.get(f"/tickets/{id}").json()["ticket"]


@dataclass
class House:
    """The server, the way into it, and whoever knocks."""

    client: TestClient
    hall: Hall
    clock: Clock

    def kiosk(self, office: str = "chuo", name: str | None = None) -> Kiosk:
        with self.hall.database.write(self.clock()) as tx:
            code, _ = kiosks.create_code(tx, office, name)
        answer = self.client.post(
            f"{KIOSK}/enrol",
            json={"code": code, "agent_address": "http://127.0.0.1:9"},
            headers=key(),
        )
        assert answer.status_code == 200, answer.text
        return Kiosk(self, answer.json())

    def clerk(self, name: str = "hana") -> Clerk:
        """One of PEOPLE, logged in."""
        person = next(user for user in PEOPLE if user.name == name)
        with self.hall.database.write(self.clock()) as tx:
            return Clerk(self, users.open_session(tx, person, 12))

    def chief(self) -> Clerk:
        return self.clerk("chief")

    def figures(self, procedure: str = "moving", office: str = "chuo") -> dict:
        """The public figures, once the press has caught up."""
        self.hall.press.catch_up()
        document = self.client.get(f"{PUBLIC}/offices/{office}/congestion").json()
        return next(p for p in document["procedures"] if p["id"] == procedure)


def small_city(folder: Path) -> Path:
    """Two offices of the shipped city."""
    city = folder / "city"
    (city / "offices").mkdir(parents=True)
    for name in ("city.toml", "procedures.toml"):
        shutil.copy(CITY / name, city / name)
    for name in ("chuo.toml", "midori.toml"):
        shutil.copy(CITY / "offices" / name, city / "offices" / name)
    return city


def fresh_database(path: Path) -> None:
    """A database at the last step, with the server's key and its people."""
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database.engine)
    with database.write(MORNING) as tx:
        kiosks.make_server_key(tx)
        for person in PEOPLE:
            users.put_user(tx, person, PASSWORD)
    database.close()


def settings_for(data: Path, city: Path, **changes: Any) -> Settings:
    known = {
        "public_url": "http://queue.example",
        "always_open": True,
        "poll_seconds": 3600.0,
        "figures_seconds": 3600.0,
    }
    return Settings(data=data, catalogue=city, **{**known, **changes})


@contextmanager
def open_house(settings: Settings, clock: Clock) -> Iterator[House]:
    app = create_app(settings, now=clock)
    with TestClient(app) as client:
        yield House(client, app.state.hall, clock)
