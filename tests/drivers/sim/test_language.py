"""The printer's language: how long commands are, and what a truncated one does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.sim.language import Command, take

SAMPLES = {
    "LF": b"\n",
    "HT": b"\t",
    "ESC @": b"\x1b@",
    "ESC !": b"\x1b!\x30",
    "ESC $": b"\x1b$\x10\x00",
    "ESC *": b"\x1b*\x21\x02\x00" + b"\xaa" * 6,
    "ESC D": b"\x1bD\x08\x10\x00",
    "ESC &": b"\x1b&\x03\x41\x42" + b"\x01abc" + b"\x02abcdef",
    "ESC c": b"\x1bc5\x01",
    "ESC p": b"\x1bp\x00\x32\x32",
    "ESC t": b"\x1bt\x01",
    "ESC i": b"\x1bi",
    "FS &": b"\x1c&",
    "FS C": b"\x1cC\x01",
    "FS (": b"\x1c(C\x02\x0002",
    "FS 2": b"\x1c2\xec\x40" + b"\x55" * 72,
    "FS q": b"\x1cq\x01\x01\x00\x01\x00" + b"\xff" * 8,
    "GS !": b"\x1d!\x77",
    "GS (": b"\x1d(k\x03\x001C\x05",
    "GS 8": b"\x1d8L\x03\x00\x00\x000p!",
    "GS *": b"\x1d*\x01\x01" + b"\xff" * 8,
    "GS C": b"\x1dC0\x00\x00",
    "GS I": b"\x1dIC",
    "GS V": b"\x1dV\x42\x10",
    "GS a": b"\x1da\x0e",
    "GS k": b"\x1dk\x49\x03{Ba",
    "GS v": b"\x1dv0\x00\x01\x00\x02\x00\xf0\x0f",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_command_takes_exactly_its_own_bytes(name: str) -> None:
    sent = SAMPLES[name]
    found = take(sent + b"\x1b@")
    assert found is not None
    assert (found.name, found.size) == (name, len(sent))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_command_waits_for_its_last_byte(name: str) -> None:
    sent = SAMPLES[name]
    assert all(take(sent[:length]) is None for length in range(len(sent)))


def test_the_short_cut_and_the_old_bar_code_are_known_too() -> None:
    assert take(b"\x1dV\x01A") == Command("GS V", b"\x01", 3)
    assert take(b"\x1dk\x041234\x00A") == Command("GS k", b"\x041234\x00", 8)


def test_a_truncated_picture_eats_what_comes_next() -> None:
    beginning = b"\x1dv0\x00\x02\x00\x08\x00" + b"\xff" * 4
    found = take(beginning + b"\x1b@A045\nB046 and so on")
    assert found is not None
    assert found.data.endswith(b"\x1b@A045\nB046 ")


def test_an_unknown_command_is_two_bytes_long() -> None:
    assert take(b"\x1b\x06\x01") == Command("ESC \x06", b"", 2)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_rubbish_stops_the_printer(rubbish: bytes) -> None:
    at = 0
    while (found := take(rubbish, at)) is not None:
        assert found.size > 0
        at += found.size
    assert at <= len(rubbish)
