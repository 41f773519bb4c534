"""Answers come late, in between and for others: none is taken for what it is not."""

import queue
from collections.abc import Iterator

import pytest

from drivers.commands import ASK_PAPER, CLEAR, Question, ask, fence
from drivers.condition import RealTime
from drivers.profile import Fence, Patience
from drivers.replies import Asb
from drivers.session import Session
from drivers.transport import LinkBroken

BRIEF = Patience(preflight=0.05, probe=0.05)
QUESTIONS = ask(*Question)
HEALTHY = b"\x12\x12\x12\x12"
COVER_OPEN = b"\x1a\x16\x12\x12"


class Script:
    """A link whose other end answers by the book: what is written, what comes back."""

    name = "script"

    def __init__(self) -> None:
        self.answers: dict[bytes, list[bytes]] = {}
        self._coming: queue.Queue[bytes | None] = queue.Queue()

    def open(self) -> None:
        """It is there."""

    def write(self, data: bytes) -> None:
        if waiting := self.answers.get(data):
            self.say(waiting.pop(0))

    def say(self, raw: bytes) -> None:
        if raw:
            self._coming.put(raw)

    def read(self, timeout: float) -> bytes:
        arrived = self._coming.get(timeout=timeout)
        if arrived is None:
            raise LinkBroken("the script has ended")
        return arrived

    def interrupt(self) -> None:
        self._coming.put(None)

    def close(self) -> None:
        """Nothing is left open."""


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def reports() -> "queue.Queue[Asb | LinkBroken]":
    return queue.Queue()


@pytest.fixture
def session(script, reports) -> Iterator[Session]:
    opened = Session(script, BRIEF, on_report=reports.put, on_lost=reports.put)
    yield opened
    opened.close()


def test_a_report_between_two_answers_disturbs_neither(
    script, session, reports
) -> None:
    script.answers[QUESTIONS] = [b"\x12\x12\x10\x00\x03\x00\x12\x1e"]
    assert session.ask() == RealTime(0x12, 0x12, 0x12, 0x1E)
    assert reports.get(timeout=5) == Asb(b"\x10\x00\x03\x00")


def test_answers_that_came_too_late_do_not_answer_the_next_question(
    script, session
) -> None:
    script.answers[QUESTIONS] = [b"", HEALTHY + COVER_OPEN]
    assert session.ask() is None
    assert session.ask() == RealTime(*COVER_OPEN)


def test_answers_that_never_come_do_not_spoil_the_next_question(
    script, session
) -> None:
    script.answers[QUESTIONS] = [b"", COVER_OPEN, HEALTHY]
    assert session.ask() is None
    assert session.ask() == RealTime(*COVER_OPEN)
    assert session.ask() == RealTime(*HEALTHY)


def test_a_late_fence_of_an_old_ticket_confirms_nothing(script, session) -> None:
    script.answers[fence("P002")] = [b"\x37\x22P001\x00"]
    assert not session.passes(Fence.GS_H, "P002", 0.05)
    script.answers[fence("P003")] = [b"\x37\x22P002\x00\x37\x22P003\x00"]
    assert session.passes(Fence.GS_H, "P003", 5)


def test_paper_answers_are_counted_not_guessed(script, session) -> None:
    lines, cut = session.mark(Fence.GS_R, ""), session.mark(Fence.GS_R, "")
    script.answers[ASK_PAPER] = [b"\x00", b"\x00"]
    session.write(lines.sent)
    assert session.wait(lines.reached, 5)
    assert not cut.reached()
    session.write(cut.sent)
    assert session.wait(cut.reached, 5)


def test_a_cleared_buffer_takes_its_unanswered_questions_along(script, session) -> None:
    session.write(session.mark(Fence.GS_R, "").sent)
    script.answers[CLEAR] = [b"\x37\x25\x00"]
    assert session.clear()
    script.answers[ASK_PAPER] = [b"\x00"]
    assert session.passes(Fence.GS_R, "", 5)


def test_a_buffer_is_empty_only_by_the_printers_word(script, session) -> None:
    assert not session.clear()
    script.answers[CLEAR] = [b"\x37\x25\x00"]
    assert session.clear()


def test_a_link_that_ends_ends_the_wait_and_is_told(script, session, reports) -> None:
    script.interrupt()
    assert isinstance(reports.get(timeout=5), LinkBroken)
    assert not session.wait(lambda: False, 60)
    for attempt in (session.ask, session.clear):
        with pytest.raises(LinkBroken, match="script has ended"):
            attempt()
