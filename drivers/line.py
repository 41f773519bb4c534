"""The line to a printer: opened when needed, its status kept, its buffer doubted.

A rest left in the printer's buffer comes out when somebody puts paper in, perhaps in
front of the next visitor; half a command swallows the next ticket. So after every
document that was not confirmed, and at the start, the buffer is in doubt, and it is
emptied, or proven empty by a fence, before anything else is printed.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from drivers import Cause, Level, Paper, PrinterStatus
from drivers.commands import CUT, PROLOGUE, RECOVER_CLEARED, Name, ask_name, feed
from drivers.condition import Condition, reported, told
from drivers.fences import Fences
from drivers.profile import Fence, Patience, Profile
from drivers.replies import Asb
from drivers.session import Session
from drivers.transport import Link, LinkBroken

_log = logging.getLogger(__name__)

_NULS = 4096
"""NULs print nothing and complete a command that was cut off, if they are as many as
its missing bytes: at least these, and as many as the longest document sent."""

_CUTTER_PAUSE = 60.0  # seconds from a jam to a try, and between tries

_BACK_OFF = (0.5, 8.0)  # seconds between tries to open: first, longest


class PrinterLine:
    """One owner calls it; `status` may be read by any thread.

    `on_change` is called with each new status, on the owner's or the listening thread;
    it must only pass the news on.
    """

    def __init__(
        self,
        link: Link,
        *,
        profile: Profile,
        patience: Patience,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        on_change: Callable[[PrinterStatus], None],
        uncut: bool = False,
    ) -> None:
        self._link, self.profile, self.patience = link, profile, patience
        self._now, self._monotonic, self._on_change = now, monotonic, on_change
        self._status = PrinterStatus(
            Level.UNKNOWN, Cause.NO_LINK, Paper.UNKNOWN, since=now()
        )
        self._changing = threading.RLock()
        self._session: Session | None = None
        self._back_off, self._next_try = _BACK_OFF[0], monotonic()
        self._settled_at = monotonic()
        self._next_cutter_try = monotonic()
        self._longest = _NULS
        self.condition: Condition | None = None
        """What the printer last said on this connection; None before the first word."""
        self._fence = profile.fence  # None until probed
        self.in_doubt = True
        """Whether something may be left in the printer's buffer."""
        self.uncut = uncut
        """Whether an earlier document may hang from the mouth, perhaps one of a life
        before this."""
        self.fences = Fences(now())

    @property
    def status(self) -> PrinterStatus:
        return self._status

    @property
    def may_try(self) -> bool:
        """Whether it is connected, or the pause after the last failed try is over."""
        return self._alive() is not None or self._monotonic() >= self._next_try

    def connect(self) -> Session:
        """The session in use, or a new one; LinkBroken when it cannot be opened."""
        if (session := self._alive()) is not None:
            return session
        self.drop()
        self.condition = None
        try:
            session = Session(
                self._link,
                self.patience,
                on_report=self._report,
                on_lost=self._lost,
            )
        except LinkBroken as exc:
            self._next_try = self._monotonic() + self._back_off
            self._back_off = min(2 * self._back_off, _BACK_OFF[1])
            self._lost(exc)
            raise
        self._back_off = _BACK_OFF[0]
        self._session = session
        return session

    def ask(self) -> Cause:
        """Connect if need be and ask: NONE when it can print, else why not.

        A second try follows a link that proves dead only now, as a first write often
        does, and a first silence: answers do get lost. A printer that is silent after
        it reported a fault still has it: many say nothing while their cover is open.
        """
        cause = Cause.NO_LINK
        for _ in range(2):
            try:
                session = self.connect()
            except LinkBroken:
                return Cause.NO_LINK
            try:
                answers = session.ask()
            except LinkBroken as exc:
                self.broke(exc)
                cause = Cause.NO_LINK
                continue
            if answers is not None:
                self.observe(told(answers, presenter=self.profile.presenter))
                return self._status.cause
            if self.condition is not None and self.condition.cause is not Cause.NONE:
                return self._status.cause
            cause = Cause.SILENT
        if cause is Cause.SILENT:
            self.went_silent()
        return cause

    def sending(self, length: int) -> None:
        """A document of so many bytes goes out now: until confirmed it is in doubt."""
        self.in_doubt = self.uncut = True
        self._longest = max(self._longest, length)
        self._settled_at = self._monotonic() + self.patience.mechanical

    def settle(self) -> None:
        """Let a printer that may yet be moving finish before its buffer is touched."""
        threading.Event().wait(max(0.0, self._settled_at - self._monotonic()))

    def stands_still(self) -> None:
        """What was sent is done, or a fault stopped it: nothing to wait for."""
        self._settled_at = self._monotonic()

    @property
    def settled(self) -> bool:
        return self._monotonic() >= self._settled_at

    def clear(self) -> bool:
        """Whether the buffer is now empty by the printer's own word. LinkBroken."""
        if not self.profile.clear or not self.connect().clear():
            return False
        self.in_doubt = False
        return True

    def prepare(self) -> Fence | None:
        """Make a healthy printer ready for a ticket: how it confirms, or None.

        Empties the buffer if it is in doubt, cuts off what an earlier document left
        hanging, sets up language and reports, and finds out how this model confirms.
        At most about four seconds, usually nothing at all. None when the printer does
        not play along; the link is then dropped, so that no late answer is mistaken.
        """
        session = self.connect()
        if session.ready and not self.in_doubt and not self.uncut:
            return self._fence
        if self.in_doubt and not self.clear():
            if self.profile.clear:
                _log.warning("%s did not say that it cleared its buffer", self.name)
            session.write(bytes(self._longest))
        session.write(PROLOGUE + (feed(self.profile.feed) + CUT if self.uncut else b""))
        fence = self._prove(session)
        if fence is None:
            self.drop()
            if self.condition is None or not self.condition.needs_hands:
                self.went_silent()
            return None
        if not session.ready:
            session.write(b"".join(map(ask_name, (Name.MAKER, Name.MODEL))))
        session.ready, self.in_doubt, self.uncut = True, False, False
        return fence

    def try_cutter_again(self) -> None:
        """Ask it to leave a cutter error, at most once a minute. LinkBroken.

        Only with the cover closed, when no finger can be near the blade. A cutter that
        is still jammed shows it at the next cut, which `prepare` makes.
        """
        if self._monotonic() >= self._next_cutter_try:
            self._next_cutter_try = self._monotonic() + _CUTTER_PAUSE
            self.connect().write(RECOVER_CLEARED)

    def observe(self, condition: Condition) -> None:
        """What the printer said of itself just now."""
        old, self.condition = self.condition, condition
        if condition.cover_open:
            # Whoever opened it was there for the jam: try as soon as it is closed.
            self._next_cutter_try = self._monotonic()
        elif condition.cutter and (old is None or not old.cutter):
            self._next_cutter_try = self._monotonic() + _CUTTER_PAUSE
        self._become(condition.level, condition.cause, condition.paper)

    def went_silent(self) -> None:
        self._become(Level.UNKNOWN, Cause.SILENT, Paper.UNKNOWN)

    def drop(self) -> None:
        """Hang up; whoever wants something next connects again."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def broke(self, why: LinkBroken) -> None:
        """What was just tried failed: hang up, whether or not the ear has noticed."""
        self.drop()
        self._lost(why)

    @property
    def name(self) -> str:
        return self._link.name

    def _alive(self) -> Session | None:
        session = self._session
        return session if session is not None and session.lost is None else None

    def _prove(self, session: Session) -> Fence | None:
        """A fence that is answered proves that all before it is done; probe if need be.

        None when there is no answer, or none yet.
        """
        if self._fence is Fence.NONE:
            return self._fence
        if self._fence is not None:
            seconds = self.patience.mechanical
            done = session.passes(self._fence, "R" + self.fences.take(), seconds)
            return self._fence if done else None
        for kind in (Fence.GS_H, Fence.GS_R):
            if session.passes(kind, "R" + self.fences.take(), self.patience.probe):
                self._fence = kind
                break
        else:
            session.forgo()
            answers = session.ask()
            if answers is None or told(answers).cause is not Cause.NONE:
                return None  # silent or faulty just now: that says nothing of the model
            self._fence = Fence.NONE
        _log.info("%s confirms by %s", self.name, self._fence)
        return self._fence

    def _report(self, asb: Asb) -> None:
        self.observe(reported(asb, presenter=self.profile.presenter))

    def _lost(self, why: LinkBroken) -> None:
        if self._become(Level.UNKNOWN, Cause.NO_LINK, Paper.UNKNOWN):
            _log.warning("%s", why)

    def _become(self, level: Level, cause: Cause, paper: Paper) -> bool:
        """Whether that is news."""
        with self._changing:
            old = self._status
            if (old.level, old.cause, old.paper) == (level, cause, paper):
                return False
            self._status = PrinterStatus(level, cause, paper, since=self._now())
            self._on_change(self._status)
            return True
