"""What comes back from a printer is told apart, however it arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.replies import (
    Asb,
    BufferCleared,
    FenceReached,
    Noise,
    OtherBlock,
    PaperReply,
    Parser,
    RealTimeStatus,
    Reply,
    TextReply,
    Xoff,
    Xon,
)

HEALTHY = b"\x10\x00\x00\x00"


def heard(raw: bytes) -> list[Reply]:
    return Parser().feed(raw)


@pytest.mark.parametrize(
    ("raw", "reply"),
    [
        (b"\x12", RealTimeStatus(0x12)),
        (b"\x16", RealTimeStatus(0x16)),
        (b"\x7e", RealTimeStatus(0x7E)),
        (HEALTHY, Asb(HEALTHY)),
        (b"\x14\x00\x00\x0f", Asb(b"\x14\x00\x00\x0f")),
        (b"\x37\x22P001\x00", FenceReached("P001")),
        (b"\x37\x25\x00", BufferCleared()),
        (b"\x00", PaperReply(0)),
        (b"\x0f", PaperReply(0x0F)),
        (b"\x5fTM-T88VI\x00", TextReply(b"TM-T88VI")),
        (b"\x3b1\x00", OtherBlock(0x3B, b"1")),
        (b"\x11", Xon()),
        (b"\x13", Xoff()),
        (b"\x80", Noise(b"\x80")),
    ],
)
def test_every_kind_of_answer_is_known(raw: bytes, reply: Reply) -> None:
    assert heard(raw) == [reply]


def test_digits_in_a_fence_are_not_taken_for_statuses() -> None:
    assert heard(b"\x37\x22\x30\x32\x36\x7e\x00") == [FenceReached("026~")]


def test_a_report_may_come_between_two_answers() -> None:
    assert heard(b"\x12" + HEALTHY + b"\x16") == [
        RealTimeStatus(0x12),
        Asb(HEALTHY),
        RealTimeStatus(0x16),
    ]


def test_a_full_buffer_may_be_signalled_inside_a_report() -> None:
    assert heard(b"\x10\x00\x13\x00\x11\x00") == [Xoff(), Xon(), Asb(HEALTHY)]


def test_a_report_that_broke_off_does_not_swallow_what_follows() -> None:
    assert heard(b"\x10\x00\x37\x25\x00") == [Noise(b"\x10\x00"), BufferCleared()]


def test_a_fence_that_lost_its_end_does_not_swallow_what_follows() -> None:
    assert heard(b"\x37\x22P001\x12" + HEALTHY) == [
        Noise(b"\x37\x22P001"),
        RealTimeStatus(0x12),
        Asb(HEALTHY),
    ]


def test_a_text_without_end_is_given_up_some_time() -> None:
    endless = b"\x5f" + b"A" * 300
    replies = heard(endless + b"\x00\x12")
    assert replies[-1] == RealTimeStatus(0x12)
    assert any(isinstance(reply, Noise) for reply in replies)


PIECES = st.sampled_from(
    [
        (b"\x12", RealTimeStatus(0x12)),
        (b"\x32", RealTimeStatus(0x32)),
        (b"\x38\x04\x0c\x00", Asb(b"\x38\x04\x0c\x00")),
        (b"\x37\x22C0zz\x00", FenceReached("C0zz")),
        (b"\x37\x25\x00", BufferCleared()),
        (b"\x03", PaperReply(3)),
        (b"\x5fEPSON\x00", TextReply(b"EPSON")),
    ]
)


@given(st.lists(PIECES, max_size=12), st.data())
def test_answers_are_the_same_in_any_pieces(
    said: list[tuple[bytes, Reply]], data: st.DataObject
) -> None:
    raw = b"".join(piece for piece, _ in said)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    parser, replies = Parser(), []
    for begin, end in zip([0, *cuts], [*cuts, len(raw)], strict=True):
        replies += parser.feed(raw[begin:end])
    assert replies == [reply for _, reply in said]


@given(st.binary(max_size=400))
def test_no_noise_makes_it_deaf(noise: bytes) -> None:
    parser = Parser()
    parser.feed(noise)
    # Whatever had begun, a few NULs and healthy reports later it understands again.
    parser.feed(b"\x00" * 4)
    assert parser.feed(b"\x37\x25\x00") == [BufferCleared()]
