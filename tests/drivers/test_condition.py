"""What the printer says of itself becomes one condition and one cause for staff."""

import pytest

from drivers import Cause, Level, Paper
from drivers.condition import Condition, RealTime, reported, told
from drivers.replies import Asb

OK = 0x12


def answers(
    printer: int = OK, offline: int = OK, error: int = OK, paper: int = OK
) -> RealTime:
    return RealTime(printer, offline, error, paper)


@pytest.mark.parametrize(
    ("said", "level", "cause", "paper"),
    [
        (answers(), Level.OK, Cause.NONE, Paper.OK),
        (answers(printer=0x16), Level.OK, Cause.NONE, Paper.OK),
        (answers(paper=0x1E), Level.WARN, Cause.NONE, Paper.NEAR_END),
        (answers(0x1A, 0x16), Level.FAULT, Cause.COVER_OPEN, Paper.OK),
        (answers(0x1A, 0x32, OK, 0x7E), Level.FAULT, Cause.PAPER_END, Paper.END),
        (answers(0x1A, 0x52, 0x1A), Level.FAULT, Cause.CUTTER, Paper.OK),
        (answers(0x1A, 0x52, 0x32), Level.FAULT, Cause.ERROR, Paper.OK),
        (answers(0x1A, 0x52, 0x52), Level.FAULT, Cause.OFFLINE, Paper.OK),
        (answers(0x1A), Level.FAULT, Cause.OFFLINE, Paper.OK),
    ],
)
def test_the_four_answers_say_what_staff_must_do(
    said: RealTime, level: Level, cause: Cause, paper: Paper
) -> None:
    condition = told(said)
    assert (condition.level, condition.cause, condition.paper) == (level, cause, paper)


@pytest.mark.parametrize("paper", [0x32, 0x52, 0x72])
def test_one_end_bit_is_enough_for_paper_end(paper: int) -> None:
    assert told(answers(paper=paper)).paper is Paper.END


def test_a_ticket_not_yet_taken_is_not_the_end_of_the_paper() -> None:
    waiting = answers(paper=0x52)
    assert told(waiting, presenter=True).cause is Cause.NONE
    assert told(answers(paper=0x32), presenter=True).cause is Cause.PAPER_END
    assert reported(Asb(b"\x10\x00\x08\x00"), presenter=True).cause is Cause.NONE


@pytest.mark.parametrize(
    ("raw", "cause", "paper"),
    [
        ("10000000", Cause.NONE, Paper.OK),
        ("1400000f", Cause.NONE, Paper.OK),
        ("10000300", Cause.NONE, Paper.NEAR_END),
        ("38000000", Cause.COVER_OPEN, Paper.OK),
        ("18000f00", Cause.PAPER_END, Paper.END),
        ("18080000", Cause.CUTTER, Paper.OK),
        ("18200000", Cause.ERROR, Paper.OK),
        ("18400000", Cause.OFFLINE, Paper.OK),
    ],
)
def test_an_unasked_report_says_the_same(raw: str, cause: Cause, paper: Paper) -> None:
    condition = reported(Asb(bytes.fromhex(raw)))
    assert (condition.cause, condition.paper) == (cause, paper)


def test_an_open_cover_is_closed_before_anything_else_is_looked_at() -> None:
    both = Condition(offline=True, cover_open=True, paper=Paper.END)
    assert both.cause is Cause.COVER_OPEN


def test_a_hot_head_is_waited_for_and_a_jam_is_not() -> None:
    assert not Condition(offline=True, error=True).needs_hands
    assert Condition(offline=True, cutter=True).needs_hands
