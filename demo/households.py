"""The demo's settings, users and enrolment, kept in its data folder between runs."""

import json
import secrets
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from demo.addresses import HOST, Addresses
from kiosk import __main__ as kiosk_command
from kiosk import identity
from kiosk.identity import Identity
from kiosk.machine import system_now
from kiosk.pin import hash_pin
from server import __main__ as server_command
from server import settings as server_settings
from server.catalogue_files import load
from server.store import users
from server.store.database import Database

OFFICE: Final = "chuo"
PIN: Final = "2580"
USERS: Final[tuple[tuple[users.Role, str | None, str], ...]] = (
    ("counter", OFFICE, "counter"),
    ("supervisor", OFFICE, "supervisor"),
    ("technician", None, "technician"),
    ("administrator", None, "administrator"),
)
"""Role, office (None: the whole city), name."""


class SetupFailed(Exception):
    """A command of the set-up failed; its own sentence is in here."""


@dataclass(frozen=True, slots=True)
class Login:
    role: users.Role
    office: str | None
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Looks:
    """How the kiosk shows itself."""

    video: str
    fullscreen: bool
    portrait: bool


class Household:
    """What stands in the data folder; `checkout` is where `config/` lies."""

    def __init__(self, addresses: Addresses, checkout: Path) -> None:
        self._addresses = addresses
        self._checkout = checkout
        self._data = addresses.data
        self.server_settings = self._data / "server.toml"
        self.kiosk_settings = self._data / "kiosk.toml"
        self._kiosk_data = self._data / "kiosk"
        self._logins = self._data / "logins.json"

    def prepare_server(self) -> tuple[Login, ...]:
        """Settings, database, open counters and users; may be done again."""
        self._data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(self.server_settings, self._server_toml())
        self._server("init", "--open-counters")
        logins = self._kept_logins() or self._new_logins()
        settings = server_settings.load(self.server_settings, {})
        database = Database(settings.database)
        with database.write(system_now()) as tx:
            for login in logins:
                user = users.User(login.user, login.role, login.office)
                users.put_user(tx, user, login.password)
        database.close()
        return logins

    def prepare_kiosk(self, looks: Looks) -> None:
        _write(self.kiosk_settings, self._kiosk_toml(looks))

    def enrol(self) -> Identity:
        """The kiosk's identity; the first time by a one-time code, as in an office."""
        known = identity.load(self._kiosk_data)
        if known is not None:
            return known
        code = self._server("enrol", "create-code", "--office", OFFICE).strip()
        said = StringIO()
        with redirect_stdout(said):
            status = kiosk_command.main(
                ["--settings", str(self.kiosk_settings), "provision", "--code", code]
            )
        enrolled = identity.load(self._kiosk_data)
        if status != 0 or enrolled is None:
            raise SetupFailed("seiriken-kiosk provision failed")
        return enrolled

    def offices(self) -> list[dict[str, object]]:
        """Offices, their counters and what those serve, for whoever drives the demo."""
        catalogues = load(
            self._checkout / "config" / "city",
            public_url=self._addresses.server,
            always_open=True,
        )
        return [
            {
                "id": office,
                "counters": [
                    {"id": counter.id, "procedures": list(counter.procedures)}
                    for counter in catalogue.counters
                ],
            }
            for office, catalogue in catalogues.items()
        ]

    def _server(self, *arguments: str) -> str:
        """Run a command of the server in this process; what it printed."""
        said = StringIO()
        with redirect_stdout(said):
            status = server_command.main(
                ["--settings", str(self.server_settings), *arguments]
            )
        if status != 0:
            raise SetupFailed(f"seiriken-server {arguments[0]} failed")
        return said.getvalue()

    def _kept_logins(self) -> tuple[Login, ...]:
        if not self._logins.exists():
            return ()
        return tuple(Login(**kept) for kept in json.loads(self._logins.read_text()))

    def _new_logins(self) -> tuple[Login, ...]:
        logins = tuple(
            Login(role, office, user, secrets.token_urlsafe(9))
            for role, office, user in USERS
        )
        text = json.dumps([asdict(login) for login in logins])
        _write(self._logins, text)
        return logins

    def _server_toml(self) -> str:
        return "\n".join(
            (
                f"data = {_text(self._data / 'server')}",
                f"catalogue = {_text(self._checkout / 'config' / 'city')}",
                f"public_url = {_text(self._addresses.server)}",
                f"server_host = {_text(HOST)}",
                f"server_port = {self._addresses.server_port}",
                "always_open = true",
                "",
            )
        )

    def _kiosk_toml(self, looks: Looks) -> str:
        wide, high, px_per_mm = (
            (1080, 1920, 4.03) if looks.portrait else (1280, 800, 5.9)
        )
        return f"""\
data_dir = {_text(self._kiosk_data)}

[server]
url = {_text(self._addresses.server)}

push_state = false

[agent]
host = {_text(HOST)}
port = {self._addresses.kiosk_port}

[screen]
video = {_text(looks.video)}
width = {wide}
height = {high}
px_per_mm = {px_per_mm}
fullscreen = {str(looks.fullscreen).lower()}
turn = 0

[numbers]
reserve = 100

[printer]
link = "network"
host = {_text(HOST)}
port = {self._addresses.printer_port}
device = ""
baud = 115200
flow = "none"
profile = "epson"

[pins]
factory = "mock"
call_button = 17
mouth_lamp = 27

[scanner]
device = "none"
baud = 115200

[staff]
pin = {_text(hash_pin(PIN, secrets.token_bytes(16)))}

[clock]
rtc = false

[log]
level = "info"
"""


def _write(path: Path, text: str) -> None:
    """Only for this user: passwords and keys are in here."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, "utf-8")


def _text(value: object) -> str:
    """A TOML string."""
    return json.dumps(str(value), ensure_ascii=False)
