"""One document on its way: sent in two parts, watched until its end is known.

The cut is sent only after the lines are confirmed, so that a fault in between does not
leave a cut in the buffer for the next roll.
"""

import logging
from collections.abc import Callable

from drivers import Cause, Outcome, Receipt
from drivers.commands import CUT, PROLOGUE, feed
from drivers.condition import told
from drivers.line import PrinterLine
from drivers.profile import Fence
from drivers.session import Mark, Session
from drivers.transport import LinkBroken

_log = logging.getLogger(__name__)

_LINES_GRADE = {Fence.GS_H: "A", Fence.GS_R: "B"}
_CUT_GRADE = {Fence.GS_H: "A-", Fence.GS_R: "B"}


class Delivery:
    """Takes a prepared line, whose printer confirms by `how`, through one document."""

    def __init__(
        self, line: PrinterLine, how: Fence, *, monotonic: Callable[[], float]
    ) -> None:
        self._line, self._how, self._monotonic = line, how, monotonic
        self._session: Session = line.connect()
        self._start = monotonic()
        self._number = line.fences.take()
        self.lines: Mark | None = None
        """The fence behind the lines; it may still be reached after a fault."""

    def send(self, document: bytes) -> Receipt:
        """Send it, and wait for what becomes of it. Never raises LinkBroken."""
        body = PROLOGUE + document + feed(self._line.profile.feed)
        self._line.sending(len(body))
        if self._how is Fence.NONE:
            return self._unconfirmed(self._guarded(lambda: self._watch(body + CUT)))
        cause = self._guarded(lambda: self._print(body))
        if cause not in (Cause.SILENT, Cause.NO_LINK):
            self._line.stands_still()
        if cause is not Cause.NONE:
            return _not_out(cause)
        cause = self._guarded(self._cut)
        return self._end(cause)

    def _print(self, body: bytes) -> Cause:
        self.lines = self._session.mark(self._how, "P" + self._number)
        self._session.write(body + self.lines.sent)
        return self._await(self.lines, self._line.patience.decide)

    def _cut(self) -> Cause:
        cut = self._session.mark(self._how, "C" + self._number)
        self._session.write(CUT + cut.sent)
        patience = self._line.patience
        spent = self._monotonic() - self._start
        cause = self._await(cut, max(patience.decide, spent + patience.cut))
        if cause is Cause.NONE:
            self._line.uncut = False
            self._line.ask()
            if self._fault() is Cause.CUTTER:
                return Cause.CUTTER
        return cause

    def _watch(self, body: bytes) -> Cause:
        """Without any fence: no fault may be seen for as long as printing takes.

        It must answer at the end of that time; a busy one may miss a question before.
        """
        self._session.write(body)
        patience = self._line.patience
        end = self._start + patience.mechanical
        while True:
            rest = min(patience.poll, end - self._monotonic())
            self._session.wait(self._stopped, rest)
            last = self._monotonic() >= end
            heard = self._heard() or (last and self._heard())
            if self._stopped():
                return self._fault()
            if last:
                self._line.uncut = not heard
                return self._fault() if heard else Cause.SILENT

    def _await(self, mark: Mark, limit: float) -> Cause:
        """NONE once the mark is reached; else what stopped it, at once or by `limit`.

        Besides listening it asks once in a while: clones forget to report.
        """
        patience = self._line.patience
        end, slow = self._start + limit, self._start + patience.warn
        while True:
            rest = min(patience.poll, end - self._monotonic())
            self._session.wait(lambda: mark.reached() or self._stopped(), rest)
            if mark.reached():
                return Cause.NONE
            if self._stopped():
                return self._fault()
            now = self._monotonic()
            if now >= end:
                return self._line.status.cause or Cause.SILENT
            if now >= slow:
                _log.warning("%s has not confirmed yet", self._line.name)
            self._heard()

    def _heard(self) -> bool:
        """Ask and observe; whether it answered. LinkBroken."""
        answers = self._session.ask()
        if answers is None:
            if not self._stopped():
                self._line.went_silent()
            return False
        presenter = self._line.profile.presenter
        self._line.observe(told(answers, presenter=presenter))
        return True

    def _stopped(self) -> bool:
        condition = self._line.condition
        return condition is not None and condition.needs_hands

    def _fault(self) -> Cause:
        condition = self._line.condition
        return condition.cause if condition is not None else Cause.NONE

    def _guarded(self, part: Callable[[], Cause]) -> Cause:
        """A link that breaks is an end like others; a fault seen before explains it."""
        try:
            return part()
        except LinkBroken as exc:
            self._line.broke(exc)
            return self._fault() if self._stopped() else Cause.NO_LINK

    def _end(self, cause: Cause) -> Receipt:
        if cause is Cause.NONE:
            return Receipt(Outcome.PRINTED, grade=_CUT_GRADE[self._how])
        if self._how is Fence.GS_R and cause in (Cause.PAPER_END, Cause.COVER_OPEN):
            # GS r is answered ahead of the engine: its last lines may be missing.
            return Receipt(Outcome.HELD, cause)
        return Receipt(Outcome.PRINTED_UNCUT, cause, _LINES_GRADE[self._how])

    def _unconfirmed(self, cause: Cause) -> Receipt:
        if cause is Cause.NONE:
            return Receipt(Outcome.PRINTED, grade="C")
        return _not_out(cause)


def _not_out(cause: Cause) -> Receipt:
    """The lines were not confirmed, for this cause."""
    if cause in (Cause.SILENT, Cause.NO_LINK):
        return Receipt(Outcome.UNKNOWN, cause)
    return Receipt(Outcome.HELD, cause)
