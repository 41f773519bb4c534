"""How the machine feels, on a Raspberry Pi and elsewhere."""

import pytest

from kiosk.vitals import Doctor, flags_in, is_bad


class Firmware:
    """Says what it is told to, and counts the questions."""

    def __init__(self, flags: str | None) -> None:
        self.flags, self.asked, self.now = flags, 0, 0.0

    def __call__(self) -> str | None:
        self.asked += 1
        return self.flags


def test_disk_and_memory_are_this_machines(tmp_path):
    vitals = Doctor(tmp_path, lambda: 0.0, lambda: None).read()
    assert vitals.disk_free_mb > 0
    assert 10 < vitals.rss_mb < 2000
    assert vitals.throttled is None


@pytest.mark.parametrize(("flags", "every"), [("0x0", 300), ("0x50005", 30)])
def test_the_firmware_is_asked_seldom_and_more_often_when_it_complains(
    tmp_path, flags, every
):
    firmware = Firmware(flags)
    doctor = Doctor(tmp_path, lambda: firmware.now, firmware)
    assert doctor.read().throttled == flags
    firmware.now = every - 1.0
    doctor.read()
    assert firmware.asked == 1
    firmware.now = every
    doctor.read()
    assert firmware.asked == 2


@pytest.mark.parametrize(
    ("said", "flags", "bad"),
    [
        ("throttled=0x0\n", "0x0", False),
        ("throttled=0x50000\n", "0x50000", False),
        ("throttled=0x50005\n", "0x50005", True),
        ("VCHI initialization failed\n", None, False),
        ("throttled=soon", None, False),
    ],
)
def test_under_voltage_now_is_bad_and_in_the_past_is_not(said, flags, bad):
    assert flags_in(said) == flags
    assert is_bad(flags) == bad
