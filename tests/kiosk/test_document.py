"""Lines become bytes, and nothing is said twice."""

import pytest

from drivers.commands import SMOOTH
from drivers.text import Rows, Unprintable
from kiosk.document import document
from paper.lines import Feed, Qr, Rule, Text


def said(*lines):
    whole = document(lines, columns=48, rows=Rows.NEC)
    assert whole.startswith(SMOOTH)
    return whole.removeprefix(SMOOTH)


def test_plain_text_is_only_text():
    assert said(Text("整理券")) == "整理券\n".encode("cp932")


def test_a_size_is_said_once_for_all_lines_that_have_it():
    lines = (Text("A", width=2, height=2), Text("B", width=2, height=2), Text("C"))
    assert said(*lines) == b"\x1d!\x11A\nB\n\x1d!\x00C\n"


def test_marks_go_on_and_off():
    lines = (Text("A", bold=True, inverse=True, underline=True, align="center"),)
    assert said(*lines, Text("B")) == (
        b"\x1ba\x01\x1bE\x01\x1dB\x01\x1b-\x01\x1c-\x01A\n"
        b"\x1ba\x00\x1bE\x00\x1dB\x00\x1b-\x00\x1c-\x00B\n"
    )


def test_a_qr_leaves_the_size_of_the_text_as_it_is():
    lines = (
        Text("A", height=2),
        Qr("HTTPS://E/T/X", align="left"),
        Text("B", height=2),
    )
    assert said(*lines).count(b"\x1d!") == 1


def test_one_empty_line_takes_one_byte():
    assert said(Feed(1)) == b"\n"
    assert said(Feed(3)) == b"\x1bd\x03"


def test_a_rule_goes_from_edge_to_edge():
    assert said(Rule()) == "─".encode("cp932") * 24 + b"\n"


def test_a_character_the_printer_lacks_is_refused_and_never_replaced():
    with pytest.raises(Unprintable):
        said(Text("𠮷"))
