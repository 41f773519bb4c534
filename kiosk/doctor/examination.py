"""The whole examination: which checks there are, their order, what each is shown.

Settings come first, for all others need them; then what the kiosk remembers by, then
what is outside it.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from drivers import PrinterStatus
from kiosk.asking import Ask
from kiosk.catalogues import read_copy
from kiosk.clock import FLOOR, Clock, Evidence
from kiosk.doctor import hardware, memory, outside, shipped
from kiosk.doctor.outside import User
from kiosk.doctor.verdict import Verdict, fault, ok, warn
from kiosk.identity import Identity
from kiosk.settings import (
    BadSettings,
    Pins,
    PrinterSettings,
    ScreenSettings,
    Settings,
    load_last_good,
)
from protocol.catalogue import Catalogue
from protocol.messages import ClockTrust, KioskState

LOCK: Final = "ledger.lock"


@dataclass(frozen=True, slots=True)
class World:
    """What the examination looks at. `root` is `/`, `assets` the shipped files.

    `evidence` says what vouches for the system's clock; `user_of` whoever the kiosk
    with this data directory runs as. `open_display` raises NoDisplay, `open_pins` and
    `look_at_printer` DeviceError; they are called only while no kiosk runs.
    """

    root: Path
    assets: Path
    environ: Mapping[str, str]
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    evidence: Callable[[Settings], Evidence]
    user_of: Callable[[Path], User]
    free_mb: Callable[[Path], float]
    ask: Ask
    open_display: Callable[[ScreenSettings], None]
    open_pins: Callable[[Pins], None]
    look_at_printer: Callable[[PrinterSettings], PrinterStatus]


@dataclass(frozen=True, slots=True)
class Examination:
    """The verdicts in the order of the checks, and what was found on the way."""

    verdicts: tuple[Verdict, ...]
    settings: Settings | None
    identity: Identity | None
    running: bool
    state: KioskState | None


def examine(path: Path, last_good: Path, world: World) -> Examination:
    """Examine the kiosk of the settings file `path`.

    `last_good`: the data directory with the last good settings, if those are bad.
    """
    verdict, settings = _settings(path, last_good, world.environ)
    if settings is None:
        shown = (verdict, *_shipped(world, None))
        return Examination(shown, None, None, running=False, state=None)
    return _examine(settings, verdict, world)


def _settings(
    path: Path, last_good: Path, environ: Mapping[str, str]
) -> tuple[Verdict, Settings | None]:
    try:
        settings, trouble = load_last_good(path, last_good, environ)
    except BadSettings as exc:
        return fault("settings", f"{exc}"), None
    if trouble is not None:
        return fault("settings", f"{trouble} for this look: correct them"), settings
    if not settings.staff.pin:
        return (
            warn(
                "settings",
                f"{path} has no staff pin, so nobody opens the staff corner:"
                " seiriken-kiosk provision --pin",
            ),
            settings,
        )
    return ok("settings", f"{path} is complete"), settings


def _examine(settings: Settings, first: Verdict, world: World) -> Examination:
    data = settings.data_dir
    locked = is_locked(data, world.root / "proc/locks")
    enrolled, known = memory.identity(data)
    agent, running, state = outside.agent(settings, known, locked=locked, ask=world.ask)
    kept = [memory.data_directory(data)]
    if data.is_dir():
        kept += [memory.space(data, world.free_mb), memory.ledger(data)]
    verdicts = (
        first,
        *kept,
        enrolled,
        memory.clock(_trust(settings, state, world)),
        *_shipped(world, _catalogue(data)),
        *_devices(settings, running, state, world),
        agent,
        outside.server(settings.server.url, world.ask, world.now()),
        outside.groups(settings, world.user_of(data)),
        outside.unit(settings, world.root),
    )
    return Examination(verdicts, settings, known, running, state)


def _catalogue(data: Path) -> Catalogue | None:
    """What the office offers, as far as this user may know."""
    try:
        copy = read_copy(data)
    except PermissionError:
        return None
    return copy and copy[0]


def _trust(settings: Settings, state: KioskState | None, world: World) -> ClockTrust:
    if state is not None:
        return state.clock_trust
    floor = settings.data_dir / FLOOR
    evidence = world.evidence(settings)
    try:
        return Clock(world.now, world.monotonic, floor, evidence).now().trust
    except PermissionError:  # the saved time is not this user's to read
        return evidence() or "none"


def _shipped(world: World, catalogue: Catalogue | None) -> tuple[Verdict, ...]:
    procedures = catalogue.procedures if catalogue else ()
    offered = frozenset(p.pictogram for p in procedures)
    languages = frozenset(catalogue.languages if catalogue else ())
    return (
        shipped.fonts(world.assets),
        shipped.pictograms(world.assets, offered),
        shipped.translations(world.assets, languages),
    )


def _devices(
    settings: Settings, running: bool, state: KioskState | None, world: World
) -> tuple[Verdict, ...]:
    return (
        hardware.display(
            settings.screen,
            running=running,
            environ=world.environ,
            connectors=world.root / "sys/class/drm",
            open_display=world.open_display,
        ),
        hardware.printer(
            settings.printer, running=running, state=state, look=world.look_at_printer
        ),
        hardware.pins(settings.pins, running=running, open_pins=world.open_pins),
        hardware.scanner(settings.scanner, state=state),
    )


def is_locked(directory: Path, locks: Path) -> bool:
    """Whether a process holds the ledger's lock, by the kernel's own list.

    Trying the lock would take it for a moment, and a kiosk that starts in that moment
    would not start.
    """
    try:
        lock = (directory / LOCK).stat()
        listed = locks.read_text()
    except OSError:
        return False  # no lock file, or a kernel that keeps its list to itself
    device = f"{os.major(lock.st_dev):02x}:{os.minor(lock.st_dev):02x}"
    mine = f"{device}:{lock.st_ino}"
    return any(
        " FLOCK " in line and mine in line.split() for line in listed.splitlines()
    )
