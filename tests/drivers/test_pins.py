"""Buttons that bounce, lamps that sink, and pins that are missing."""

from itertools import count

import pytest
from gpiozero.pins.mock import MockFactory

from drivers import DeviceError
from drivers.pins import (
    Debounce,
    GpioCallButton,
    GpioLamp,
    PinSimulator,
    open_pins,
)


def test_a_bouncing_contact_is_one_press() -> None:
    contact = Debounce(quiet=0.05)
    assert contact.pressed(10.000)
    contact.released(10.002)
    assert not contact.pressed(10.004)
    contact.released(10.300)
    assert not contact.pressed(10.301)  # the release bounces too
    contact.released(10.302)
    assert contact.pressed(10.400)


def test_a_pin_that_bounces_calls_staff_once() -> None:
    times = iter([1.0, 1.001, 1.002, 1.003, 1.5, 1.6])
    pins = MockFactory()
    button = GpioCallButton(17, factory=pins, monotonic=lambda: next(times))
    presses: list[str] = []
    button.when_pressed = lambda: presses.append("staff")
    for _ in range(3):
        pins.pin(17).drive_low()
        pins.pin(17).drive_high()
    assert presses == ["staff", "staff"]
    button.close()
    pins.close()


def test_a_sinking_lamp_is_lit_by_a_low_pin() -> None:
    pins = MockFactory()
    lamp = GpioLamp(27, factory=pins, active_high=False)
    lamp.on()
    assert pins.pin(27).state == 0
    lamp.off()
    assert pins.pin(27).state == 1
    lamp.close()
    pins.close()


def test_two_devices_cannot_share_a_pin() -> None:
    pins = open_pins("mock")
    lamp = GpioLamp(17, factory=pins)
    with pytest.raises(DeviceError, match="pin 17 cannot be used"):
        GpioCallButton(17, factory=pins, monotonic=lambda: 0.0)
    lamp.close()
    pins.close()


def test_a_pin_that_does_not_exist_is_named() -> None:
    pins = open_pins("mock")
    with pytest.raises(DeviceError, match="pin 99 cannot be used"):
        GpioLamp(99, factory=pins)
    pins.close()


def test_missing_pins_are_a_sentence_and_never_a_mock() -> None:
    with pytest.raises(DeviceError, match=r"lgpio|Raspberry Pi"):
        open_pins("lgpio")
    with pytest.raises(DeviceError, match="correct the settings"):
        open_pins("auto")


def test_a_program_can_press_the_button_and_see_the_lamp_at_mock_pins() -> None:
    pins = open_pins("mock")
    presses: list[int] = []
    seconds = count(1.0)
    button = GpioCallButton(17, factory=pins, monotonic=lambda: next(seconds))
    button.when_pressed = lambda: presses.append(1)
    lamp = GpioLamp(27, factory=pins)
    hand = PinSimulator(pins)
    hand.press(17)
    hand.press(17)
    assert presses == [1, 1]
    lamp.on()
    assert hand.is_lit(27)
    lamp.off()
    assert not hand.is_lit(27)


def test_real_pins_are_pressed_by_nobody() -> None:
    with pytest.raises(DeviceError, match="only mock pins"):
        PinSimulator(object())
