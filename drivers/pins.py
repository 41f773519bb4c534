"""The one door to the pins: the call button and the lamp at the paper mouth.

Which pins are meant, real or mock, is said by the settings and by nobody else: a kiosk
whose buttons silently do nothing looks healthy for weeks. gpiozero's mock pins do not
debounce, and a rule about time is better seen than configured, so it is here.
"""

from collections.abc import Callable
from typing import Any

import gpiozero
from gpiozero.pins.mock import MockFactory

from drivers import DeviceError

try:
    import lgpio
    from gpiozero.pins.lgpio import LGPIOFactory
except ImportError:  # not a Raspberry Pi; asking for real pins says so
    lgpio = LGPIOFactory = None

PinFactory = Any
"""A gpiozero pin factory; gpiozero has no types."""

_FAULTS: tuple[type[Exception], ...] = (gpiozero.GPIOZeroError, OSError)
if lgpio is not None:
    _FAULTS = (*_FAULTS, lgpio.error)


def open_pins(kind: str) -> PinFactory:
    """`lgpio`, the machine's own pins, or `mock`, pins in memory; never a fallback."""
    if kind == "mock":
        return MockFactory()
    if kind != "lgpio":
        raise DeviceError(f"pins are lgpio or mock, not {kind!r}: correct the settings")
    if LGPIOFactory is None:
        raise DeviceError(
            "lgpio is not installed: install python3-lgpio, "
            "or set the pins to mock on a machine without any"
        )
    try:
        return LGPIOFactory()
    except _FAULTS as exc:
        raise DeviceError(
            f"the pins cannot be used ({exc}): is this a Raspberry Pi, is its user in "
            "the group gpio, and is LG_WD a folder it may write to?"
        ) from exc


class PinSimulator:
    """A hand and an eye at mock pins: presses contacts to ground, sees lamps."""

    def __init__(self, factory: PinFactory) -> None:
        if not isinstance(factory, MockFactory):
            raise DeviceError("only mock pins can be pressed by a program")
        self._factory = factory

    def press(self, pin: int) -> None:
        """Close the contact and let it open again."""
        contact = self._factory.pin(pin)
        contact.drive_low()
        contact.drive_high()

    def is_lit(self, pin: int) -> bool:
        return bool(self._factory.pin(pin).state)


class Debounce:
    """Tells presses from the bouncing of a contact. Times are seconds, handed in.

    A press counts when the contact was quiet before it, so neither the bouncing after a
    press nor that after a release makes a second one, and a press counts at once.
    """

    def __init__(self, quiet: float = 0.05) -> None:
        self._quiet = quiet
        self._last = float("-inf")

    def pressed(self, at: float) -> bool:
        """Whether this closing of the contact is a press."""
        counts = at - self._last >= self._quiet
        self._last = at
        return counts

    def released(self, at: float) -> None:
        self._last = at


class GpioCallButton:
    """The port `drivers.CallButton` on one pin, a contact to ground.

    `monotonic` is seconds that only run forward. DeviceError when the pin is not to be
    had.
    """

    def __init__(
        self,
        pin: int,
        *,
        factory: PinFactory,
        monotonic: Callable[[], float],
        debounce: Debounce | None = None,
    ) -> None:
        self.when_pressed: Callable[[], None] | None = None
        self._monotonic = monotonic
        self._debounce = debounce or Debounce()
        # Not gpiozero.Button: for its "held" it wakes ten times a second, for ever.
        self._contact = _taken(
            pin,
            lambda: gpiozero.DigitalInputDevice(pin, pull_up=True, pin_factory=factory),
        )
        self._contact.when_activated = self._closed
        self._contact.when_deactivated = self._opened

    def close(self) -> None:
        self._contact.close()

    def _closed(self) -> None:
        if self._debounce.pressed(self._monotonic()) and self.when_pressed is not None:
            self.when_pressed()

    def _opened(self) -> None:
        self._debounce.released(self._monotonic())


class GpioLamp:
    """The port `drivers.MouthLamp` on one pin; `active_high=False` for a sinking one.

    The pin carries a signal, not the lamp's current: see docs/hardware.md.
    """

    def __init__(
        self, pin: int, *, factory: PinFactory, active_high: bool = True
    ) -> None:
        self._lamp = _taken(
            pin,
            lambda: gpiozero.LED(pin, active_high=active_high, pin_factory=factory),
        )

    def on(self) -> None:
        self._lamp.on()

    def off(self) -> None:
        self._lamp.off()

    def close(self) -> None:
        """Dark, and the pin is free again."""
        self._lamp.off()
        self._lamp.close()


def _taken(pin: int, make: Callable[[], Any]) -> Any:
    try:
        return make()
    except _FAULTS as exc:
        raise DeviceError(
            f"pin {pin} cannot be used ({exc}): is it a GPIO number, "
            "and does nothing else use it?"
        ) from exc
