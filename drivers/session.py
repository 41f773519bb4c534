"""One opened link to a printer: a single ear that listens all the time, one mouth.

A printer's answers do not say what they answer, come late, twice or not at all, and
its reports of changes fall in between. So one thread reads everything, and who wants to
know something asks here, in order. A session is thrown away with its link; the next
starts with a clean slate.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from drivers import commands
from drivers.commands import Question
from drivers.condition import RealTime
from drivers.profile import Fence, Patience
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
from drivers.transport import Link, LinkBroken

_log = logging.getLogger(__name__)
_LISTEN = 60.0  # seconds of one read; closing interrupts it


@dataclass(frozen=True, slots=True)
class Mark:
    """Put `sent` behind some data; `reached` is true once the printer is past it."""

    sent: bytes
    reached: Callable[[], bool]


class Session:
    """Opens the link and starts listening; LinkBroken when nobody is there.

    `on_report` gets each unasked report and `on_lost` the end of the link, both on the
    listening thread.
    """

    def __init__(
        self,
        link: Link,
        patience: Patience,
        *,
        on_report: Callable[[Asb], None],
        on_lost: Callable[[LinkBroken], None],
    ) -> None:
        self._link, self._patience = link, patience
        self._on_report, self._on_lost = on_report, on_lost
        self._news = threading.Condition()
        # Heard, guarded by _news:
        self._answers: list[int] = []
        self._papers = 0
        self._fences: deque[str] = deque(maxlen=16)
        self._cleared = False
        self._lost: LinkBroken | None = None
        # Said, the owner's alone:
        self._owed = 0
        self._papers_asked = 0
        self._closing = False
        self.ready = False
        """Set by the owner once the printer is prepared for tickets."""
        link.open()
        self._ear = threading.Thread(
            target=self._listen, name=f"printer {link.name}", daemon=True
        )
        self._ear.start()

    @property
    def lost(self) -> LinkBroken | None:
        """Why the link ended; None while it lives."""
        return self._lost

    def close(self) -> None:
        self._closing = True
        self._link.interrupt()
        self._ear.join()
        self._link.close()

    def write(self, data: bytes) -> None:
        """LinkBroken when the link has ended or takes nothing."""
        self._raise_if_lost()
        self._link.write(data)

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Whether `until` came true in time; also ends when the link is lost."""
        with self._news:
            self._news.wait_for(
                lambda: until() or self._lost is not None, max(0.0, seconds)
            )
            return until()

    def ask(self) -> RealTime | None:
        """The four real-time answers; None when it does not answer in time.

        Answers still owed from a question given up on would come first: they are waited
        for as well, and the last four count.
        """
        with self._news:
            self._owed = max(0, self._owed - len(self._answers))
            self._answers.clear()
        self.write(commands.ask(*Question))
        due = len(Question) + self._owed
        self.wait(lambda: len(self._answers) >= due, self._patience.preflight)
        with self._news:
            answers = self._answers[:]
            self._answers.clear()
        if len(answers) < len(Question):
            self._owed = due - len(answers)
            self._raise_if_lost()
            return None
        self._owed = 0
        return RealTime(*answers[-len(Question) :])

    def clear(self) -> bool:
        """Empty the printer's buffers; whether it said that they are. LinkBroken."""
        with self._news:
            self._cleared = False
        self.write(commands.CLEAR)
        if self.wait(lambda: self._cleared, self._patience.probe):
            self._papers_asked = self._papers  # what was pending has vanished
            return True
        self._raise_if_lost()
        return False

    def mark(self, how: Fence, id: str) -> Mark:
        """A mark for the end of some data. It must be sent, marks in order."""
        match how:
            case Fence.GS_H:
                return Mark(commands.fence(id), lambda: id in self._fences)
            case Fence.GS_R:
                self._papers_asked += 1
                due = self._papers_asked
                return Mark(commands.ASK_PAPER, lambda: self._papers >= due)
            case Fence.NONE:
                raise ValueError("this model confirms nothing")

    def passes(self, how: Fence, id: str, seconds: float) -> bool:
        """Send a mark alone: whether all that was sent before it is done in time."""
        mark = self.mark(how, id)
        self.write(mark.sent)
        if self.wait(mark.reached, seconds):
            return True
        self._raise_if_lost()
        return False

    def forgo(self) -> None:
        """GS r is not answered: do not count on the answers still out."""
        self._papers_asked = self._papers

    def _raise_if_lost(self) -> None:
        if self._lost is not None:
            raise self._lost

    def _listen(self) -> None:
        parser = Parser()
        try:
            while not self._closing:
                for reply in parser.feed(self._link.read(_LISTEN)):
                    self._hear(reply)
        except LinkBroken as exc:
            self._end(exc)
        except Exception as exc:  # noqa: BLE001  # an ear dying unnoticed: silence for ever
            _log.exception("listening to %s failed", self._link.name)
            self._end(LinkBroken(f"listening to {self._link.name} failed: {exc}"))

    def _end(self, why: LinkBroken) -> None:
        with self._news:
            self._lost = why
            self._news.notify_all()
        if not self._closing:
            self._on_lost(why)

    def _hear(self, reply: Reply) -> None:
        if isinstance(reply, Asb):
            self._on_report(reply)  # before the notice: who wakes finds it observed
        with self._news:
            match reply:
                case RealTimeStatus(byte):
                    self._answers.append(byte)
                case FenceReached(id):
                    self._fences.append(id)
                case PaperReply():
                    self._papers += 1
                case BufferCleared():
                    self._cleared = True
                case TextReply(text):
                    _log.info("%s calls itself %r", self._link.name, text)
                case OtherBlock() | Noise():
                    _log.warning("%s sent %r", self._link.name, reply)
                case Asb() | Xon() | Xoff():
                    pass
            self._news.notify_all()
