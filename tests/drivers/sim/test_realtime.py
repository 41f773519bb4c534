"""Real-time commands are heard wherever they stand, however the bytes are cut up."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.sim.realtime import (
    Arrivals,
    ClearBuffers,
    Ignored,
    Recover,
    StatusRequest,
)

CLEAR = bytes.fromhex("10140801031401060208")


def heard(*chunks: bytes) -> tuple[bytes, list[object]]:
    """What is left for the queue, and the commands."""
    arrivals, plain, commands = Arrivals(), b"", []
    for chunk in chunks:
        for part in arrivals.feed(chunk):
            if isinstance(part, bytes):
                plain += part
            else:
                commands.append(part)
    return plain, commands


@pytest.mark.parametrize(
    ("sent", "command"),
    [
        (b"\x10\x04\x01", StatusRequest(1)),
        (b"\x10\x04\x04", StatusRequest(4)),
        (b"\x10\x04\x07\x01", StatusRequest(7)),
        (b"\x10\x05\x01", Recover(clear=False)),
        (b"\x10\x05\x02", Recover(clear=True)),
        (b"\x10\x05\x00", Ignored()),
        (b"\x10\x14\x01\x00\x05", Ignored()),
        (CLEAR, ClearBuffers()),
    ],
)
def test_each_real_time_command_is_understood(sent: bytes, command: object) -> None:
    assert heard(b"a" + sent + b"b") == (b"ab", [command])


def test_it_is_cut_out_of_the_parameters_of_another_command() -> None:
    assert heard(b"\x1b3\x10\x04\x01\x18") == (b"\x1b3\x18", [StatusRequest(1)])


@pytest.mark.parametrize(
    "data",
    [b"\x10", b"\x10\x10", b"\x10\x04\x99", b"\x10\x05\x09", CLEAR[:-1] + b"\x07"],
)
def test_what_only_looks_like_one_stays_data(data: bytes) -> None:
    assert heard(data + b"rest!") == (data + b"rest!", [])


def test_a_command_behind_a_false_start_is_found() -> None:
    assert heard(b"\x10\x10\x04\x02") == (b"\x10", [StatusRequest(2)])


def test_half_a_command_is_lost_when_the_printer_is_switched_off() -> None:
    arrivals = Arrivals()
    assert list(arrivals.feed(b"\x10\x04")) == []
    arrivals.forget()
    assert list(arrivals.feed(b"\x01x")) == [b"\x01x"]


PIECES = st.lists(
    st.sampled_from(
        [
            b"\x10",
            b"\x04",
            b"\x01",
            b"\x05\x02",
            b"x",
            b"\x10\x04\x01",
            CLEAR,
            CLEAR[:5],
        ]
    )
)


@settings(deadline=None)
@given(PIECES, st.data())
def test_how_the_network_cuts_the_bytes_makes_no_difference(
    pieces: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(pieces) + b"end of it all"
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)))))
    edges = [0, *cuts, len(whole)]
    chunks = [whole[a:b] for a, b in pairwise(edges)]
    assert heard(*chunks) == heard(whole)
