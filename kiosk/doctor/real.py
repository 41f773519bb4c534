"""The examination's world as this machine has it: each device opened, asked, let go."""

import os
import pwd
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from grp import getgrgid
from pathlib import Path

import assets
from drivers import PrinterStatus
from kiosk import devices
from kiosk.asking import ask
from kiosk.clock import Evidence, system_evidence
from kiosk.doctor.examination import World
from kiosk.doctor.outside import User
from kiosk.settings import Pins, PrinterSettings, ScreenSettings, Settings
from kiosk.ui.measures import Panel
from kiosk.ui.window import VideoSettings, Window, video_of


def world(
    environ: Mapping[str, str],
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
) -> World:
    """Nothing is opened until the examination asks for it."""
    return World(
        root=Path("/"),
        assets=assets.ROOT,
        environ=environ,
        now=now,
        monotonic=monotonic,
        evidence=evidence,
        user_of=user_of,
        free_mb=free_mb,
        ask=ask,
        open_display=partial(open_display, environ=environ, monotonic=monotonic),
        open_pins=partial(open_pins, monotonic=monotonic),
        look_at_printer=partial(look_at_printer, now=now, monotonic=monotonic),
    )


def evidence(settings: Settings) -> Evidence:
    return system_evidence(rtc=settings.clock.rtc)


def free_mb(directory: Path) -> float:
    """MiB the kiosk may still write."""
    return shutil.disk_usage(directory).free / (1024 * 1024)


def user_of(directory: Path) -> User:
    """Whoever the kiosk runs as: for root that is the owner of its data."""
    uid = os.geteuid()
    mine = uid != 0
    if not mine and directory.is_dir():
        uid = directory.stat().st_uid
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return User(str(uid), frozenset(), all_powerful=uid == 0)
    ids = set(os.getgrouplist(entry.pw_name, entry.pw_gid))
    if mine:
        ids |= set(os.getgroups())
    return User(entry.pw_name, frozenset(_names(ids)), all_powerful=uid == 0)


def _names(ids: set[int]) -> set[str]:
    """A group without a name (of a container, say) is called by its number."""
    names = set()
    for gid in ids:
        try:
            names.add(getgrgid(gid).gr_name)
        except KeyError:
            names.add(str(gid))
    return names


def open_display(
    screen: ScreenSettings,
    *,
    environ: Mapping[str, str],
    monotonic: Callable[[], float],
) -> None:
    """Show an empty frame for a moment; NoDisplay."""
    panel = Panel(screen.width, screen.height, screen.px_per_mm)
    video = video_of(screen.video, environ)
    Window(
        VideoSettings(video, panel, screen.fullscreen, screen.turn), monotonic
    ).close()


def open_pins(pins: Pins, *, monotonic: Callable[[], float]) -> None:
    """Take button and lamp and let them go; DeviceError."""
    taken = devices.at_the_pins(pins, monotonic=monotonic)
    taken.lamp.close()
    if taken.button is not None:
        taken.button.close()


def look_at_printer(
    settings: PrinterSettings,
    *,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
) -> PrinterStatus:
    """Open the link, ask, and let it go."""
    printer = devices.printer(
        settings, now=now, monotonic=monotonic, on_change=lambda status: None
    )
    try:
        return printer.check()
    finally:
        printer.close()
