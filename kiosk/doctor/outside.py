"""The running kiosk's agent, the server, and what the system gives the kiosk's user."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from kiosk.asking import Ask, NoAnswer, NoState, address_of
from kiosk.asking import state as state_of
from kiosk.doctor.verdict import Verdict, fault, ok, warn
from kiosk.identity import Identity
from kiosk.settings import Settings
from protocol.messages import KioskState

DRIFT_S: Final = 2.0
"""Seconds a trusted clock may differ from the server's; its header has whole ones."""
UNIT: Final = "seiriken-kiosk.service"


@dataclass(frozen=True, slots=True)
class User:
    """Whoever the kiosk runs as, and the groups that user is in."""

    name: str
    groups: frozenset[str]
    all_powerful: bool = False


def agent(
    settings: Settings, known: Identity | None, *, locked: bool, ask: Ask
) -> tuple[Verdict, bool, KioskState | None]:
    """Whether a kiosk runs here, and what it says of itself.

    `locked`: some process holds the ledger's lock.
    """
    where = address_of(settings.agent)
    try:
        health = ask(f"{where}/healthz", "")
    except NoAnswer as exc:
        if not locked:
            return ok("agent", f"no kiosk is running ({where})"), False, None
        return (
            fault(
                "agent",
                f"a kiosk runs on this ledger and does not answer at {where} ({exc}):"
                " restart it; or were [agent] or the data directory changed?",
            ),
            True,
            None,
        )
    if health.status == 503:
        return (
            fault("agent", f"the kiosk at {where} hangs: systemctl restart {UNIT}"),
            True,
            None,
        )
    if health.status != 200:
        return (
            fault(
                "agent",
                f"another program answers at {where} ({health.status}): end it, or"
                " change [agent] in the settings",
            ),
            locked,
            None,
        )
    try:
        told = state_of(settings.agent, known, ask)
    except NoState as exc:
        return warn("agent", str(exc)), True, None
    return _told(told, where), True, told


def _told(told: KioskState, where: str) -> Verdict:
    """The worst of the running kiosk's own findings."""
    for level, verdict in (("fault", fault), ("warn", warn)):
        for finding in told.findings:
            if finding.level == level:
                return verdict(
                    "agent", f"the kiosk reports {finding.code}: {finding.text}"
                )
    if told.screen == "out_of_service":
        return fault("agent", "the kiosk shows out of service: see its staff corner")
    return ok("agent", f"a kiosk serves at {where} and shows {told.screen}")


def server(url: str, ask: Ask, now: datetime) -> Verdict:
    """Tickets go on without it, so this is never a fault."""
    address = url.rstrip("/") + "/healthz"
    try:
        answer = ask(address, "")
    except NoAnswer as exc:
        return warn(
            "server",
            f"{address}: {exc}; tickets go on, but check the network and [server] url",
        )
    if answer.status != 200:
        return warn(
            "server",
            f"{address} answers {answer.status}: is the server well, and is [server]"
            " url right?",
        )
    drift = _drift(answer.date, now)
    if abs(drift) > DRIFT_S:
        return warn(
            "server",
            f"reached, but its clock differs from this machine's by {drift:+.0f} s:"
            " give both the same NTP server",
        )
    return ok("server", f"{url} is reached")


def _drift(told: str | None, now: datetime) -> float:
    """Seconds the server is ahead of `now`; 0 within the second its header has."""
    if told is None:
        return 0.0
    try:
        at = parsedate_to_datetime(told).astimezone(UTC)
    except ValueError:
        return 0.0  # a proxy's odd header is no time
    behind = (now - at).total_seconds()
    return 0.0 if 0 <= behind < 1 else -behind


def groups(settings: Settings, user: User) -> Verdict:
    """Membership that the real devices of these settings want."""
    wanted = dict(_wanted(settings))
    if not wanted:
        return ok("groups", "no device of these settings wants one")
    if user.all_powerful:
        return warn(
            "groups",
            f"the kiosk would run as {user.name}: give {settings.data_dir} to a user of"
            " its own, see systemd/seiriken.sysusers.conf",
        )
    if missing := [name for name in wanted if name not in user.groups]:
        why = "; ".join(f"{name} for {wanted[name]}" for name in missing)
        return warn(
            "groups",
            f"{user.name} is not in {', '.join(missing)} ({why}): usermod -aG"
            f" {','.join(missing)} {user.name}, unless the unit gives them",
        )
    return ok("groups", f"{user.name} is in {', '.join(wanted)}")


def _wanted(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.screen.video == "kmsdrm":
        yield "video", "the display"
        yield "render", "the display"
        yield "input", "the touch panel"
    if settings.pins.factory == "lgpio":
        yield "gpio", "button and lamp"
    serial = (settings.printer.link == "serial", settings.scanner.device != "none")
    if any(serial):
        yield "dialout", "serial devices"


def unit(settings: Settings, root: Path) -> Verdict:
    """Whether the machine starts the kiosk by itself; `root` is `/`."""
    if settings.screen.video != "kmsdrm" or not (root / "run/systemd/system").is_dir():
        return ok("unit", "not a kiosk's own machine: none wanted")
    places = ("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system")
    if not any((root / place / UNIT).exists() for place in places):
        return warn(
            "unit",
            f"{UNIT} is not installed: copy systemd/{UNIT} to /etc/systemd/system",
        )
    link = root / "etc/systemd/system/multi-user.target.wants" / UNIT
    if not link.is_symlink():
        return warn("unit", f"not started at boot: systemctl enable {UNIT}")
    return ok("unit", f"{UNIT} starts the kiosk at boot")
