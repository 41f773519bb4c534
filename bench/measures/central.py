"""A central queue server of a measure: its own process, SQLite, reached over HTTP.

The shipped city with its six offices, always open. Numbers are granted as asked for
(`run_share`), so that a measure need not ask while it measures.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from bench.measures.house import (
    CHECKOUT,
    CannotMeasure,
    answers,
    environment,
    free_ports,
)
from bench.measures.wire import Wire, post
from demo.processes import Processes, Recipe
from kiosk.machine import system_now
from protocol.catalogue import Catalogue
from protocol.messages import Enrol, Enrolled, Lease, LeaseRequest
from server import __main__ as server_command
from server import settings as server_settings
from server.catalogue_files import load
from server.store import kiosks, users
from server.store.database import Database

MOST_LEASED: Final = 999
_CLERK: Final = ("bench", "a password of the bench")


@dataclass(frozen=True, slots=True)
class Central:
    """A running server. `folder` holds its settings and its database."""

    folder: Path
    port: int
    processes: Processes

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def offices(self) -> dict[str, Catalogue]:
        return load(CHECKOUT / "config" / "city", public_url=self.url, always_open=True)

    def database(self) -> Database:
        """The server's own; to look into, or to prepare what needs no measuring."""
        return Database(server_settings.load(_settings(self.folder), {}).database)

    def enrol(self, office: str) -> Enrolled:
        """A new kiosk of that office, enrolled over HTTP."""
        database = self.database()
        with database.write(system_now()) as tx:
            code, _ = kiosks.create_code(tx, office)
        database.close()
        wanted = Enrol(code=code, agent_address="http://127.0.0.1:1")
        with Wire(self.port) as wire:
            request = post(
                "/api/kiosk/v1/enrol",
                wanted.model_dump_json().encode(),
                key=uuid4().hex,
            )
            return Enrolled.model_validate_json(wire.ask(request))

    def lease(
        self, kiosk: Enrolled, series: str, count: int
    ) -> tuple[Lease, LeaseRequest]:
        """A run of so many numbers, or fewer."""
        wanted = LeaseRequest(
            request_id=uuid4(), series=series, count=count, kind="run"
        )
        with Wire(self.port) as wire:
            request = post(
                "/api/kiosk/v1/leases",
                wanted.model_dump_json().encode(),
                key=uuid4().hex,
                bearer=kiosk.credential,
            )
            return Lease.model_validate_json(wire.ask(request)), wanted

    def log_in(self) -> str:
        """A clerk's bearer token; may do everything at every office."""
        user, password = _CLERK
        body = f'{{"user": "{user}", "password": "{password}"}}'.encode()
        with Wire(self.port) as wire:
            told: dict[str, Any] = wire.ask_json(post("/api/staff/v1/login", body))
        return str(told["token"])


@contextmanager
def central(folder: Path) -> Iterator[Central]:
    """Set up and serve until the block ends."""
    folder.mkdir(parents=True)
    port = free_ports(1)[0]
    _settings(folder).write_text(_toml(folder, port), "utf-8")
    _prepare(folder)
    processes = Processes()
    told = Central(folder, port, processes)
    command = ("server", "--settings", str(_settings(folder)), "run")
    try:
        processes.start(
            Recipe(
                "server",
                (sys.executable, "-m", *command),
                environment(),
                folder / "server.log",
            )
        )
        answers(f"{told.url}/readyz", processes)
        yield told
    finally:
        processes.stop()


def _settings(folder: Path) -> Path:
    return folder / "server.toml"


def _toml(folder: Path, port: int) -> str:
    return f"""\
data = "{folder / "server"}"
catalogue = "{CHECKOUT / "config" / "city"}"
public_url = "http://127.0.0.1:{port}"
server_port = {port}
always_open = true
run_share = {MOST_LEASED}
poll_seconds = 3600.0
"""


def _prepare(folder: Path) -> None:
    with redirect_stdout(StringIO()):
        status = server_command.main(
            ["--settings", str(_settings(folder)), "init", "--open-counters"]
        )
    if status != 0:
        raise CannotMeasure("seiriken-server init failed")
    database = Database(server_settings.load(_settings(folder), {}).database)
    with database.write(system_now()) as tx:
        name, password = _CLERK
        users.put_user(tx, users.User(name, "administrator", None), password)
    database.close()
