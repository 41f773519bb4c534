"""What the printer says about itself, byte for byte as the manuals have it."""

from itertools import product

import pytest

from drivers.sim import status
from drivers.sim.status import Condition

HEALTHY = Condition()
ALL = [Condition(*flags) for flags in product((False, True), repeat=5)]


def answers(now: Condition) -> str:
    return b"".join(status.realtime(n, now) for n in (1, 2, 3, 4)).hex(" ")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (HEALTHY, "16 12 12 12"),
        (Condition(near_end=True), "16 12 12 1e"),
        (Condition(paper_end=True), "1e 32 12 7e"),
        (Condition(cover_open=True), "1e 16 12 12"),
        (Condition(cutter_error=True), "1e 52 1a 12"),
        (Condition(cover_open=True, opened_while_printing=True), "1e 56 52 12"),
    ],
)
def test_dle_eot(now: Condition, said: str) -> None:
    assert answers(now) == said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (HEALTHY, "14 00 00 0f"),
        (Condition(near_end=True), "14 00 03 0f"),
        (Condition(paper_end=True), "1c 00 0f 0f"),
        (Condition(cover_open=True), "3c 00 00 0f"),
        (Condition(cutter_error=True), "1c 08 00 0f"),
    ],
)
def test_automatic_status(now: Condition, said: str) -> None:
    assert status.automatic(now).hex(" ") == said


@pytest.mark.parametrize("now", ALL)
def test_every_byte_can_be_told_from_every_other_kind(now: Condition) -> None:
    for n in (1, 2, 3, 4):
        assert status.realtime(n, now)[0] & 0x93 == 0x12
    first, *others = status.automatic(now)
    assert first & 0x93 == 0x10
    assert all(byte & 0x90 == 0 for byte in others)
    assert status.queued(1, now)[0] & 0x90 == 0


def test_the_paper_sensor_asked_in_line() -> None:
    assert status.queued(1, HEALTHY) == b"\x00"
    assert status.queued(49, Condition(near_end=True)) == b"\x03"
    assert status.queued(9, HEALTHY) == b""


def test_only_what_was_asked_for_is_watched() -> None:
    near = Condition(near_end=True)
    assert status.watched(0x08, near) != status.watched(0x08, HEALTHY)
    assert status.watched(0x02, near) == status.watched(0x02, HEALTHY)


def test_who_are_you() -> None:
    assert status.identity(66, maker="EPSON", model="X") == b"_EPSON\0"
    assert status.identity(67, maker="EPSON", model="X") == b"_X\0"
    assert status.identity(2, maker="", model="") == b"\x03"
    assert status.identity(77, maker="", model="") == b""
