"""What is said to the printer, byte by byte."""

import pytest

from drivers import commands
from drivers.commands import Align, Correction, Name, Question


def test_every_ticket_starts_from_the_same_state_and_asks_for_reports() -> None:
    assert bytes.fromhex("1b40 1b5208 1b7401 1c4301 1d610e") == commands.PROLOGUE


def test_the_four_questions_go_out_back_to_back() -> None:
    assert commands.ask(*Question) == bytes.fromhex("100401 100402 100403 100404")


def test_a_fifth_question_has_to_wait_for_the_answers() -> None:
    with pytest.raises(ValueError, match="at most 4"):
        commands.ask(*Question, Question.PAPER)


def test_a_fence_is_eleven_bytes_with_its_id_at_the_end() -> None:
    assert commands.fence("P0a+") == bytes.fromhex("1d28480600 3030") + b"P0a+"


@pytest.mark.parametrize("id", ["P00", "P0000", "P0\n0", "P0\x7f0"])
def test_a_fence_id_is_four_printable_characters(id: str) -> None:
    with pytest.raises(ValueError, match="4 printable"):
        commands.fence(id)


def test_clearing_and_cutting_are_the_documented_bytes() -> None:
    assert bytes.fromhex("10140801031401060208") == commands.CLEAR
    assert bytes.fromhex("100502") == commands.RECOVER_CLEARED
    assert bytes.fromhex("1d5601") == commands.CUT
    assert bytes.fromhex("1d7201") == commands.ASK_PAPER
    assert commands.ask_name(Name.MODEL) == bytes.fromhex("1d4943")


@pytest.mark.parametrize(
    ("said", "raw"),
    [
        (commands.size(), "1d2100"),
        (commands.size(4, 2), "1d2131"),
        (commands.size(8, 8), "1d2177"),
        (commands.align(Align.CENTER), "1b6101"),
        (commands.bold(True), "1b4501"),
        (commands.underline(True), "1b2d01 1c2d01"),
        (commands.inverse(False), "1d4200"),
        (commands.feed(4), "1b6404"),
        (commands.line("ｶﾅ"), "b6c5 0a"),
    ],
)
def test_the_look_of_the_text(said: bytes, raw: str) -> None:
    assert said == bytes.fromhex(raw)


@pytest.mark.parametrize("of", [(0, 1), (1, 9)])
def test_characters_grow_eight_times_at_most(of: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="1 to 8"):
        commands.size(*of)


def test_lines_that_do_not_fit_a_byte_are_refused() -> None:
    with pytest.raises(ValueError, match="255"):
        commands.feed(256)


def test_a_native_qr_is_five_functions() -> None:
    url = "HTTPS://Q.EXAMPLE.JP/T/0123456789"
    assert commands.qr(url, module=5, correction=Correction.Q) == (
        bytes.fromhex("1d286b0400 31413200")
        + bytes.fromhex("1d286b0300 314305")
        + bytes.fromhex("1d286b0300 314532")
        + bytes.fromhex("1d286b 2400 315030")
        + url.encode()
        + bytes.fromhex("1d286b0300 315130")
    )


@pytest.mark.parametrize("hidden", ["\x10\x04\x01", "\x10\x05\x02", "\x10\x14\x08"])
def test_a_qr_with_bytes_that_a_printer_would_execute_is_refused(hidden: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        commands.qr("HTTPS://EXAMPLE.JP/" + hidden)


@pytest.mark.parametrize("data", ["", "整理券", "A" * 4297])
def test_a_qr_holds_what_a_phone_can_read(data: str) -> None:
    with pytest.raises(ValueError, match=r"QR"):
        commands.qr(data)


def test_a_qr_module_has_one_to_sixteen_dots() -> None:
    with pytest.raises(ValueError, match="1 to 16"):
        commands.qr("A", module=17)
