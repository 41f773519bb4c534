"""The printer as a machine: time and bytes in, answers and paper out; no sockets."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.sim.engine import BUFFER, Engine
from drivers.sim.faults import ORDINARY, Quirks
from drivers.sim.paper import How

INIT = b"\x1b@\x1bR\x08\x1bt\x01\x1cC\x01"
ASB = b"\x1da\x0e"
FEED = b"\x1bd\x04"
CUT = b"\x1dV\x01"
CLEAR = bytes.fromhex("10140801031401060208")
TICKET = INIT + "受付番号\nA045\nお待ちください\n".encode("cp932") + FEED
LINE_S = 30 / 8 / 100  # one line of 30 dots at 100 mm/s


def fence(name: str) -> bytes:
    return b"\x1d(H\x06\x0000" + name.encode()


def passed(name: str) -> bytes:
    return b"\x37\x22" + name.encode() + b"\x00"


def said(engine: Engine) -> bytes:
    return b"".join(engine.answers())


def machine(speed: float = inf, quirks: Quirks = ORDINARY, roll: float = 1e5) -> Engine:
    return Engine(width=576, speed=speed, roll=roll, quirks=quirks)


def raster(rows: int, fill: int = 0xFF) -> bytes:
    return (
        b"\x1dv0\x00\x48\x00" + rows.to_bytes(2, "little") + bytes([fill]) * 72 * rows
    )


def test_a_ticket_comes_out_with_its_text_and_is_confirmed() -> None:
    engine = machine()
    engine.receive(TICKET + fence("P001") + CUT + fence("C001"), 0)
    assert said(engine) == passed("P001") + passed("C001")
    (sheet,) = engine.sheets
    assert sheet.text == "受付番号\nA045\nお待ちください"
    assert sheet.how is How.PARTIAL
    assert sheet.source == TICKET + fence("P001") + CUT
    assert engine.idle


def test_a_fence_is_answered_when_the_lines_before_it_are_on_paper() -> None:
    engine = machine(speed=100)
    engine.receive(INIT + b"one\ntwo\n" + fence("P001"), 0)
    assert said(engine) == b""
    engine.advance(1.9 * LINE_S)
    assert said(engine) == b""
    assert engine.wake_at() == pytest.approx(2 * LINE_S)
    engine.advance(2 * LINE_S)
    assert said(engine) == passed("P001")


def test_text_without_a_line_feed_is_not_printing() -> None:
    engine = machine()
    engine.receive(INIT + b"half a line" + fence("P001"), 0)
    assert said(engine) == passed("P001")
    assert engine.typesetter.composing == "half a line"
    assert not engine.mechanism.path.printed


def test_the_paper_sensor_may_answer_before_the_lines_are_printed() -> None:
    engine = machine(speed=100)
    engine.receive(INIT + b"one\ntwo\n\x1dr\x01", 0)
    assert said(engine) == b"\x00"
    assert engine.mechanism.moving


def test_a_cut_takes_its_time() -> None:
    engine = machine(speed=100)
    engine.receive(CUT + fence("C001"), 10)
    engine.advance(10.19)
    assert said(engine) == b""
    engine.advance(10.2)
    assert said(engine) == passed("C001")


def test_what_has_not_passed_the_knife_is_on_the_next_sheet() -> None:
    engine = machine()
    engine.receive(INIT + b"one\ntwo\n" + CUT + b"three\n" + FEED + CUT, 0)
    assert [sheet.text for sheet in engine.sheets] == ["", "one\ntwo\nthree"]


def test_the_knife_goes_through_a_line_that_is_half_past_it() -> None:
    engine = machine()
    engine.receive(INIT + b"\x1d!\x07tall\n" + CUT + FEED + CUT, 0)
    assert [sheet.text for sheet in engine.sheets] == ["", ""]
    assert sum(s.dots for s in engine.sheets) == 192 + 120


def test_a_cut_without_paper_past_the_knife_gives_no_sheet() -> None:
    engine = machine()
    engine.receive(CUT + FEED + CUT + CUT, 0)
    assert [sheet.dots for sheet in engine.sheets] == [120]


def test_a_cut_that_feeds_first_loses_nothing() -> None:
    engine = machine()
    engine.receive(INIT + b"one\n\x1dV\x42\x00", 0)
    assert engine.sheets[0].text == "one"


def test_paper_ends_and_the_rest_waits_for_the_new_roll() -> None:
    engine = machine()
    engine.receive(INIT + ASB, 0)
    said(engine)
    engine.end_paper(0, after_bytes=20, after_mm=None)
    engine.receive(b"first line\nsecond line\nthird line\n" + FEED + CUT, 0)
    assert said(engine) == bytes.fromhex("1c000f0f")
    engine.receive(fence("C001") + b"\x10\x04\x02\x10\x04\x04", 0)
    assert said(engine) == b"\x32\x7e"
    assert not engine.sheets
    engine.load_paper(1)
    assert [(s.how, s.text) for s in engine.sheets] == [
        (How.TORN, "first line\nsecond line"),
        (How.PARTIAL, "third line"),
    ]
    assert said(engine) == bytes.fromhex("1400000f") + passed("C001")


def test_paper_ends_after_so_many_millimetres() -> None:
    engine = machine()
    engine.end_paper(0, after_bytes=None, after_mm=7)
    engine.receive(INIT + b"one\ntwo\nthree\n", 0)
    engine.load_paper(0)
    assert engine.sheets[0].text == "one\ntwo"  # the line under the head is finished


def test_a_picture_stops_inside_when_the_paper_ends() -> None:
    engine = machine()
    engine.end_paper(0, after_bytes=None, after_mm=5)
    engine.receive(raster(100) + FEED + CUT, 0)
    engine.load_paper(0)
    torn, rest = engine.sheets
    printed = [[s.height for s in sheet.strips if s.line.ink] for sheet in (torn, rest)]
    assert printed == [[40], [60]]


def test_bytes_decide_where_a_picture_tears() -> None:
    engine = machine()
    engine.end_paper(0, after_bytes=8 + 72 * 25, after_mm=None)
    engine.receive(raster(100), 0)
    assert engine.mechanism.paper_end
    assert sum(s.height for s in engine.mechanism.path.strips if s.line.ink) == 25


def test_paper_that_ends_now_stops_a_picture_at_the_row_it_is_on() -> None:
    engine = machine(speed=100)
    engine.receive(raster(160) + FEED + CUT, 0)
    engine.end_paper(0.1, after_bytes=None, after_mm=None)
    assert engine.mechanism.paper_end
    engine.load_paper(1)
    engine.advance(9)
    assert [s.height for s in engine.sheets[0].strips if s.line.ink] == [80]
    assert [s.height for s in engine.sheets[1].strips if s.line.ink] == [80]


def test_the_end_of_the_roll_is_announced_before_it_comes() -> None:
    engine = machine(roll=2504)
    engine.receive(ASB + b"\x1bJ\x10", 0)
    assert said(engine) == bytes.fromhex("1400000f")
    engine.receive(b"\x1bJ\xff", 0)
    assert said(engine) == bytes.fromhex("1400030f")


def test_nothing_is_left_when_the_host_clears_the_buffer_at_paper_end() -> None:
    engine = machine()
    engine.receive(INIT, 0)
    engine.end_paper(0, after_bytes=8, after_mm=None)
    engine.receive(b"first line\nsecond line\n" + fence("P001"), 0)
    engine.receive(CLEAR, 0)
    assert said(engine) == bytes.fromhex("372500")
    assert engine.idle
    engine.load_paper(0)
    engine.receive(b"again\n" + FEED + CUT + fence("C002"), 0)
    assert [s.text for s in engine.sheets] == ["first line", "again"]
    assert said(engine) == passed("C002")


def test_a_printer_that_cannot_clear_prints_the_rest() -> None:
    engine = machine(quirks=Quirks(no_clear=True))
    engine.end_paper(0, after_bytes=None, after_mm=None)
    engine.receive(b"held back\n" + CLEAR, 0)
    assert said(engine) == b""
    engine.load_paper(0)
    assert engine.mechanism.path.printed


def test_a_cover_opened_while_printing_repeats_the_line() -> None:
    engine = machine(speed=100)
    engine.receive(ASB, 0)
    engine.receive(INIT + ASB + b"one\ntwo\n" + FEED + CUT, 0)
    said(engine)
    engine.open_cover(1.5 * LINE_S)
    assert said(engine) == bytes.fromhex("3c40000f")
    engine.receive(b"\x10\x04\x02\x10\x04\x03", 0.1)
    assert said(engine) == b"\x56\x52"
    assert engine.wake_at() is None
    engine.close_cover(5)
    assert said(engine) == bytes.fromhex("1400000f")
    engine.advance(9)
    (sheet,) = engine.sheets
    assert sheet.text == "one\ntwo"
    assert [s.height for s in sheet.strips if s.line.text] == [30, 15, 30]


def test_a_cover_opened_at_rest_is_no_error() -> None:
    engine = machine()
    engine.open_cover(0)
    engine.receive(b"\x10\x04\x02\x10\x04\x03", 0)
    assert said(engine) == b"\x16\x12"


def test_a_jammed_cutter_confirms_the_lines_and_not_the_cut() -> None:
    engine = machine()
    engine.mechanism.cutter_blocked = True
    engine.receive(TICKET + fence("P001") + CUT + fence("C001") + b"\x10\x04\x03", 0)
    assert said(engine) == passed("P001") + b"\x1a"
    assert not engine.sheets
    engine.mend_cutter(1)
    assert said(engine) == passed("C001")
    assert engine.sheets[0].text.startswith("受付番号")


def test_an_uncut_ticket_can_be_torn_off() -> None:
    engine = machine()
    engine.mechanism.cutter_blocked = True
    engine.receive(TICKET + CUT, 0)
    engine.take_paper(0)
    assert [(s.how, s.lines[1]) for s in engine.sheets] == [(How.TORN, "A045")]
    engine.take_paper(0)
    assert engine.count == 1  # there is nothing more to take


@pytest.mark.parametrize(
    ("enquiry", "cuts"), [(b"\x10\x05\x01", 1), (b"\x10\x05\x02", 0)]
)
def test_dle_enq_recovers_with_or_without_what_was_waiting(
    enquiry: bytes, cuts: int
) -> None:
    engine = machine(quirks=Quirks(cutter_needs_enq=True))
    engine.mechanism.cutter_blocked = True
    engine.receive(TICKET + CUT + fence("C001"), 0)
    engine.mend_cutter(0)
    assert not engine.online
    engine.receive(enquiry, 0)
    assert engine.online
    assert len(engine.sheets) == cuts
    assert said(engine) == passed("C001") * cuts


def test_dle_enq_while_the_jam_is_still_there_fails_again() -> None:
    engine = machine()
    engine.mechanism.cutter_blocked = True
    engine.receive(CUT + b"\x10\x05\x01", 0)
    assert not engine.online


def test_fences_are_answered_in_order_and_all_of_them() -> None:
    engine = machine()
    engine.receive(b"".join(fence(f"{n:04}") for n in range(20)), 0)
    assert said(engine) == b"".join(passed(f"{n:04}") for n in range(20))


def test_a_printer_without_fences_says_nothing() -> None:
    engine = machine(quirks=Quirks(no_gsh=True))
    engine.receive(fence("P001") + b"\x1dr\x01", 0)
    assert said(engine) == b"\x00"


def test_esc_at_switches_automatic_status_off() -> None:
    engine = machine()
    engine.receive(ASB + INIT, 0)
    said(engine)
    engine.open_cover(0)
    assert said(engine) == b""
    patient = machine(quirks=Quirks(asb_off_on_init=False))
    patient.receive(ASB + INIT, 0)
    said(patient)
    patient.open_cover(0)
    assert said(patient) == bytes.fromhex("3c00000f")


def test_the_queued_paper_question_is_not_answered_at_paper_end() -> None:
    engine = machine()
    engine.end_paper(0, after_bytes=None, after_mm=None)
    engine.receive(b"\x1dr\x01", 0)
    assert said(engine) == b""


def test_a_mute_printer_prints_and_says_nothing() -> None:
    engine = machine()
    engine.mute = True
    engine.receive(ASB + TICKET + fence("P001") + CUT + b"\x10\x04\x01", 0)
    assert said(engine) == b""
    assert len(engine.sheets) == 1


def test_some_printers_are_silent_while_offline() -> None:
    engine = machine(quirks=Quirks(mute_when_offline=True))
    engine.receive(ASB, 0)
    said(engine)
    engine.open_cover(0)
    engine.receive(b"\x10\x04\x02" + CLEAR, 0)
    assert said(engine) == b""
    engine.close_cover(0)
    assert said(engine) == b""  # nothing changed since the host was last told
    engine.receive(b"\x10\x04\x02", 0)
    assert said(engine) == b"\x12"


def test_switching_off_loses_everything_that_was_waiting() -> None:
    engine = machine()
    engine.receive(INIT + ASB + b"\x1d!\x11half", 0)
    engine.end_paper(0, after_bytes=None, after_mm=None)
    engine.receive(b"\nheld\n\x1dv0", 0)
    engine.power_off(0)
    engine.receive(b"into the dark\n", 0)
    engine.power_on()
    engine.load_paper(0)
    assert engine.asb == 0
    engine.receive(b"new\n" + FEED + CUT, 0)
    assert [s.text for s in engine.sheets] == ["new"]
    assert engine.sheets[0].dots == 30 + 120  # and the size is normal again


def test_the_receive_buffer_fills_while_the_printer_is_offline() -> None:
    engine = machine()
    engine.open_cover(0)
    engine.receive(b"x" * 4000, 0)
    assert engine.room == BUFFER - 4000
    engine.close_cover(0)
    assert engine.room == BUFFER


def test_a_picture_larger_than_the_buffer_flows_through_it() -> None:
    engine = machine()
    whole = raster(900)
    for at in range(0, len(whole), 4000):
        assert engine.room >= 4000
        engine.receive(whole[at : at + 4000], 0)
    assert sum(s.height for s in engine.mechanism.path.strips if s.line.ink) == 900


def test_a_cable_pulled_inside_a_picture_eats_the_next_ticket() -> None:
    engine = machine()
    engine.receive(raster(10)[:500], 0)
    engine.receive(TICKET + CUT, 0)
    assert not engine.sheets
    engine.receive(CLEAR + TICKET + CUT, 0)
    assert engine.sheets[0].text.startswith("受付番号")


def test_zeros_flush_a_broken_command_out() -> None:
    engine = machine()
    engine.receive(raster(10)[:500] + bytes(8192) + TICKET + CUT, 0)
    assert engine.sheets[0].text.startswith("受付番号")


def test_status_requests_inside_a_picture_are_answered_and_shift_it() -> None:
    engine = machine()
    picture = bytearray(raster(4, fill=0))
    picture[100:103] = b"\x10\x04\x01"
    engine.receive(bytes(picture), 0)
    assert said(engine) == b"\x16"
    assert not engine.mechanism.path.printed  # three bytes are missing
    engine.receive(b"abc" + b"\n", 0)
    assert engine.mechanism.path.printed


def test_a_clear_inside_a_picture_throws_it_away() -> None:
    engine = machine()
    engine.receive(raster(20)[:900] + b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", 0)
    assert said(engine) == bytes.fromhex("372500")
    assert engine.idle


def test_a_clone_claims_to_be_someone_else() -> None:
    engine = machine(quirks=Quirks(poses_as_epson=True))
    engine.receive(b"\x1dI\x42\x1dI\x43", 0)
    assert said(engine) == b"_EPSON\0_TM-T88VI\0"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=12), st.data())
def test_nothing_a_host_sends_stops_the_printer(
    chunks: list[bytes], data: st.DataObject
) -> None:
    engine = machine(speed=100, quirks=replace(ORDINARY, ibm_rows=True))
    now = 0.0
    for chunk in chunks:
        now += data.draw(st.floats(0, 1))
        engine.receive(b"\x1d" + chunk, now)
    engine.receive(CLEAR, now + 1000)
    assert said(engine).endswith(bytes.fromhex("372500"))
    engine.receive(INIT + ASB + fence("DONE"), now + 1000)
    assert said(engine) == bytes.fromhex("1400000f") + passed("DONE")
