"""The devices that the settings ask for; a fake only where they ask for a fake."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from drivers import CallButton, MouthLamp, Printer, PrinterStatus, Scanner
from drivers.fakes import FakeLamp, FakePrinter
from drivers.pins import GpioCallButton, GpioLamp, PinSimulator, open_pins
from drivers.printer import EscposPrinter
from drivers.profile import PROFILES
from drivers.scanner import SerialScanner
from drivers.transport import Link, NetworkLink, SerialLink
from kiosk.settings import Pins, PrinterSettings, ScannerSettings

NO_SCANNER = "none"


def printer(
    settings: PrinterSettings,
    *,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
    on_change: Callable[[PrinterStatus], None],
    uncut: bool = False,
) -> Printer:
    """The receipt printer; it is looked for by the first `check`, not here.

    `uncut`: paper of an earlier life may hang from its mouth; it is cut off first.
    """
    link: Link
    match settings.link:
        case "fake":
            return FakePrinter(now=now, on_change=on_change)
        case "serial":
            link = SerialLink(settings.device, settings.baud, flow=settings.flow)
        case "network":
            link = NetworkLink(settings.host, settings.port)
    return EscposPrinter(
        link,
        profile=PROFILES[settings.profile],
        now=now,
        monotonic=monotonic,
        on_change=on_change,
        uncut=uncut,
    )


@dataclass(frozen=True, slots=True)
class AtThePins:
    """Call button and lamp at the paper mouth; `simulator` at mock pins only."""

    button: CallButton | None
    lamp: MouthLamp
    simulator: PinSimulator | None


def at_the_pins(settings: Pins, *, monotonic: Callable[[], float]) -> AtThePins:
    """What hangs at the pins; DeviceError if it is not to be had."""
    if settings.factory == "none":
        return AtThePins(None, FakeLamp(), None)  # nobody looks at that lamp
    factory = open_pins(settings.factory)
    return AtThePins(
        GpioCallButton(settings.call_button, factory=factory, monotonic=monotonic),
        GpioLamp(settings.mouth_lamp, factory=factory),
        PinSimulator(factory) if settings.factory == "mock" else None,
    )


def scanner(
    settings: ScannerSettings, *, monotonic: Callable[[], float]
) -> Scanner | None:
    """The 2D scanner, or None if this kiosk has none."""
    if settings.device == NO_SCANNER:
        return None
    link = SerialLink(settings.device, settings.baud)
    return SerialScanner(link, monotonic=monotonic)
