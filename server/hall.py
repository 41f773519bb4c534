"""What one running server is made of, put together once by `create_app`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.bell import Bell
from server.limits import Limit
from server.live import Live
from server.offices import Offices
from server.press import Press
from server.settings import Settings
from server.store.database import Database
from server.store.days import Days
from server.store.together import Together


def _per_minute(tries: int) -> Limit:
    return Limit(tries, timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Limits:
    """The doors where guessing pays: counted per name, failures also per address."""

    login: Limit = field(default_factory=lambda: _per_minute(30))
    login_failures: Limit = field(default_factory=lambda: _per_minute(20))
    enrol_failures: Limit = field(default_factory=lambda: _per_minute(10))
    token: Limit = field(default_factory=lambda: _per_minute(60))
    token_failures: Limit = field(default_factory=lambda: _per_minute(30))


@dataclass(frozen=True, slots=True)
class Hall:
    """The parts, for the routes: each takes from here what its one line needs."""

    settings: Settings
    offices: Offices
    database: Database
    together: Together
    live: Live
    press: Press
    bell: Bell
    days: Days
    now: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
