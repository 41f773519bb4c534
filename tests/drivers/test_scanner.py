"""Where a code ends, what is dropped, and a scanner that was unplugged."""

import logging
import queue
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner import Frames, SerialScanner
from drivers.scanner_sim import PtyScanner
from drivers.transport import LinkBroken, SerialLink

CODE = b"HTTPS://EXAMPLE.JP/T/0123456789ABCDEFGHJKMNPQ"


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\x03"])
def test_a_code_ends_with_whatever_the_scanner_sends(end: bytes) -> None:
    frames = Frames()
    assert frames.feed(CODE + end, 1.0) == [CODE]
    assert frames.feed(b"NEXT" + end, 2.0) == [b"NEXT"]


def test_a_scanner_that_marks_no_end_ends_with_silence() -> None:
    frames = Frames(gap=0.08)
    assert frames.feed(CODE, 1.0) == []
    assert frames.silence(1.05) == []
    assert frames.silence(1.09) == [CODE]
    assert frames.feed(b"NEXT", 2.0) == []
    assert frames.feed(b"AFTER", 3.0) == [b"NEXT"]


def test_half_a_code_of_a_scanner_that_marks_ends_is_dropped() -> None:
    frames = Frames(gap=0.08)
    frames.feed(b"taro@example.ne.jp\r", 1.0)
    assert frames.feed(b"hanako@example.ne", 2.0) == []
    assert frames.silence(2.2) == []
    assert frames.feed(CODE + b"\r", 3.0) == [CODE]


def test_what_came_before_the_line_broke_is_forgotten() -> None:
    frames = Frames()
    frames.feed(b"HTTPS://", 1.0)
    frames.forget()
    assert frames.feed(CODE + b"\r", 1.01) == [CODE]


def test_the_same_code_held_still_is_read_once() -> None:
    frames = Frames(again=2.0)
    assert frames.feed(CODE + b"\r", 1.0) == [CODE]
    assert frames.feed(CODE + b"\r", 2.5) == []
    assert frames.feed(CODE + b"\r", 4.0) == []
    assert frames.feed(b"OTHER\r", 4.1) == [b"OTHER"]
    assert frames.feed(CODE + b"\r", 4.2) == [CODE]


@pytest.mark.parametrize(
    "spoilt", [b"AB\x00CD", b"AB\x1bCD", b"AB\x7fCD", b"A" * 513, b"AB\x02CD"]
)
def test_noise_and_endless_codes_are_dropped_whole(spoilt: bytes) -> None:
    frames = Frames()
    assert frames.feed(spoilt + b"\r", 1.0) == []
    assert frames.feed(CODE + b"\r", 2.0) == [CODE]


def test_a_code_may_have_512_bytes_and_a_start_mark() -> None:
    frames = Frames()
    assert frames.feed(b"\x02" + b"A" * 512 + b"\x03", 1.0) == [b"A" * 512]


def test_a_japanese_code_passes_as_it_is() -> None:
    name = "千葉市".encode("cp932")
    assert Frames().feed(name + b"\r\n", 1.0) == [name]


CODES = st.lists(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1),
    max_size=5,
    unique=True,
)


@given(CODES, st.data())
def test_codes_are_the_same_in_any_pieces(
    codes: list[str], data: st.DataObject
) -> None:
    raw = b"".join(code.encode() + b"\r\n" for code in codes)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    frames, read = Frames(), []
    for begin, end in zip([0, *cuts], [*cuts, len(raw)], strict=True):
        read += frames.feed(raw[begin:end], 1.0)
    assert read == [code.encode() for code in codes]


@pytest.fixture
def plugged(tmp_path: Path):
    """A scanner on a serial line: the hand that holds codes, and what was read."""
    hand = PtyScanner(tmp_path / "usb-Scanner-if00")
    read: queue.Queue[bytes] = queue.Queue()
    changes: queue.Queue[bool] = queue.Queue()
    scanner = SerialScanner(
        SerialLink(str(hand.path)),
        monotonic=time.monotonic,
        when_read=read.put,
        when_changed=changes.put,
    )
    assert changes.get(timeout=5)
    yield hand, scanner, read, changes
    scanner.close()
    hand.close()


def test_a_scanner_plugged_in_again_is_found(plugged) -> None:
    hand, scanner, read, changes = plugged
    hand.send(b"half a co")
    hand.unplug()
    assert changes.get(timeout=5) is False
    assert not scanner.connected
    hand.plug_in()
    assert changes.get(timeout=5) is True
    hand.scan(CODE)
    assert read.get(timeout=5) == CODE


def test_a_scanner_without_end_mark_is_read_after_a_moment(plugged) -> None:
    hand, _, read, _ = plugged
    hand.send(CODE)
    assert read.get(timeout=5) == CODE


def test_no_second_program_reads_along(plugged) -> None:
    hand = plugged[0]
    second = SerialLink(str(hand.path))
    with pytest.raises(LinkBroken, match="no other program"):
        second.open()


def test_what_was_read_never_stands_in_the_log(plugged, caplog) -> None:
    hand, _, read, _ = plugged
    with caplog.at_level(logging.DEBUG):
        hand.scan(b"taro@example.ne.jp")
        read.get(timeout=5)
    assert "taro" not in caplog.text
