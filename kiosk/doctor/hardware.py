"""Display, printer, pins, scanner. A running kiosk has them: then it is asked."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from drivers import DeviceError, PrinterStatus
from kiosk.devices import NO_SCANNER
from kiosk.doctor.verdict import Verdict, fault, ok, warn
from kiosk.remedies import remedy
from kiosk.settings import Pins, PrinterSettings, ScannerSettings, ScreenSettings
from kiosk.ui.window import NoDisplay, video_of
from protocol.messages import KioskState, PrinterState


def display(
    screen: ScreenSettings,
    *,
    running: bool,
    environ: Mapping[str, str],
    connectors: Path,
    open_display: Callable[[ScreenSettings], None],
) -> Verdict:
    """`connectors` is /sys/class/drm. The driver is opened if no kiosk has it."""
    video = video_of(screen.video, environ)
    if video == "dummy":
        return warn(
            "display",
            "draws into memory, nobody sees it: set video in [screen] for a panel",
        )
    if video == "kmsdrm":
        seen = _connected(connectors)
        if not seen:
            return fault(
                "display",
                f"no display is connected ({connectors}): check its cable and power",
            )
        if running:
            return ok("display", f"kmsdrm on {', '.join(seen)}, shown by the kiosk")
    if running:
        return ok("display", f"{video}, shown by the kiosk")
    try:
        open_display(screen)
    except NoDisplay as exc:
        return fault("display", str(exc))
    return ok("display", f"{video} opens")


def _connected(connectors: Path) -> list[str]:
    """The connectors with a display, by the kernel's names (`card1-HDMI-A-1`)."""
    return sorted(
        status.parent.name
        for status in connectors.glob("card*-*/status")
        if status.read_text().strip() == "connected"
    )


def printer(
    settings: PrinterSettings,
    *,
    running: bool,
    state: KioskState | None,
    look: Callable[[PrinterSettings], PrinterStatus],
) -> Verdict:
    """It has one client only: a running kiosk's own word is taken, else it is asked."""
    if settings.link == "fake":
        return warn(
            "printer", "none, for training: set link in [printer] for a real one"
        )
    where = settings.device if settings.link == "serial" else _address(settings)
    if state is not None:
        return _printer(where, state.printer)
    if running:
        return warn(
            "printer", f"the kiosk has {where} and cannot be asked: see the check agent"
        )
    try:
        status = look(settings)
    except DeviceError as exc:
        return fault("printer", str(exc))
    return _printer(
        where,
        PrinterState(
            level=status.level.value,
            code=status.cause.value,
            paper=status.paper.value,
            since=status.since,
        ),
    )


def _address(settings: PrinterSettings) -> str:
    return f"{settings.host}:{settings.port}"


def _printer(where: str, told: PrinterState) -> Verdict:
    if told.code:
        what = f"{where} cannot print ({told.code})"
        return fault("printer", f"{what}: {remedy(told.code)}")
    if told.paper == "near_end":
        return warn(
            "printer", f"{where} prints; its roll is near the end: have one ready"
        )
    return ok("printer", f"{where} is ready")


def pins(
    settings: Pins, *, running: bool, open_pins: Callable[[Pins], None]
) -> Verdict:
    """The call button and the lamp at the paper mouth."""
    names = f"call button {settings.call_button}, mouth lamp {settings.mouth_lamp}"
    if settings.factory == "none":
        return ok("pins", "this kiosk has neither call button nor mouth lamp")
    if settings.factory == "mock":
        return warn("pins", f"in memory ({names}): set factory in [pins] for real ones")
    if running:
        # It would not have started without them.
        return ok("pins", f"{names}, held by the kiosk")
    try:
        open_pins(settings)
    except DeviceError as exc:
        return fault("pins", str(exc))
    return ok("pins", names)


def scanner(settings: ScannerSettings, *, state: KioskState | None) -> Verdict:
    """The device file is there and ours; whether it reads is seen by a code."""
    if settings.device == NO_SCANNER:
        return ok("scanner", "this kiosk has none")
    device = Path(settings.device)
    if not device.exists():
        return fault(
            "scanner",
            f"{device} is not there: plug the scanner in, or correct [scanner];"
            " ls /dev/serial/by-id names what is there",
        )
    if not os.access(device, os.R_OK | os.W_OK):
        return fault(
            "scanner",
            f"{device} may not be used: add the user to its group, see groups",
        )
    if state is not None and state.scanner != "ok":
        return fault(
            "scanner", f"the kiosk cannot open {device}: does another program use it?"
        )
    return ok("scanner", str(device))
