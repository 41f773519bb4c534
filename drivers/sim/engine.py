"""The printer as a state machine: bytes and time in, answers and sheets out.

It joins the parts: what arrives is searched for real-time commands, the rest waits in
the receive buffer until the printer is online and the mechanism has room; commands
become movements; the mechanism makes them. Pure: no sockets, no clock.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from drivers.sim import status
from drivers.sim.charset import Codes
from drivers.sim.faults import ORDINARY, Quirks
from drivers.sim.language import Command, take
from drivers.sim.marks import Fence, Motion
from drivers.sim.mechanism import Mechanism, Parted, Passed, Reached
from drivers.sim.paper import Sheet
from drivers.sim.realtime import (
    Arrivals,
    ClearBuffers,
    Ignored,
    Realtime,
    Recover,
    StatusRequest,
)
from drivers.sim.typesetter import Typesetter

BUFFER: Final = 4096
"""Bytes of the receive buffer; a host that sends more has to wait."""
KEPT_SHEETS: Final = 500
_HISTORY: Final = 1 << 20
_QUESTIONS: Final = {"NUL", "GS r", "GS I"}
"""Commands that belong to no sheet when they stand before it."""
_FENCE: Final = b"H\x06\x000"


class Engine:
    """`width` in dots, `speed` in mm/s, `roll` in mm. Times are seconds, any origin."""

    def __init__(
        self, *, width: int, speed: float, roll: float, quirks: Quirks = ORDINARY
    ) -> None:
        self.quirks = quirks
        self.mechanism = Mechanism(speed=speed, roll=roll)
        codes = Codes(
            system=1 if quirks.sjis_by_default else 0,
            last_lead=0xFC if quirks.ibm_rows else 0xEF,
        )
        self.typesetter = Typesetter(width, codes)
        self.sheets: deque[Sheet] = deque(maxlen=KEPT_SHEETS)
        self.count = 0
        self.in_mouth: Sheet | None = None
        self.powered = True
        self.mute = False
        self.asb = 0
        self._told: tuple[object, ...] = ()
        self._arrivals = Arrivals()
        self._received = bytearray()
        self._command = bytearray()  # the beginning of one whose rest has not come
        self._answers: list[bytes] = []
        self._read = 0  # bytes interpreted since the beginning
        self._begin: int | None = None  # where the next movement's bytes begin
        self._history = bytearray()
        self._forgotten = 0

    @property
    def buffered(self) -> int:
        return len(self._received)

    @property
    def room(self) -> int:
        """How many more bytes may come now."""
        return max(BUFFER - len(self._received), 0)

    @property
    def idle(self) -> bool:
        """Nothing to do: no byte waits, nothing moves."""
        return not (self._received or self._command or self.mechanism.queue)

    @property
    def online(self) -> bool:
        return self.powered and self.mechanism.condition.online

    def receive(self, data: bytes, now: float) -> None:
        """Bytes from the host, as many as there is room for (more are not refused)."""
        if not self.powered:
            return
        for part in self._arrivals.feed(data):
            if isinstance(part, bytes):
                self._received += part
                self._remember(part)
            else:
                self.advance(now)
                self._at_once(part, now)
        self.advance(now)

    def answers(self) -> list[bytes]:
        """What the printer has to say since the last call, one by one."""
        said, self._answers = self._answers, []
        return said

    def advance(self, now: float) -> None:
        """Let time pass until `now`."""
        if not self.powered:
            return
        self._collect(self.mechanism.advance(now), now)
        self._interpret(now)
        self._report()

    def wake_at(self) -> float | None:
        """When to call `advance` next if nothing else happens."""
        return self.mechanism.wake_at() if self.powered else None

    def _interpret(self, now: float) -> None:
        """Take commands from the buffer while online and the mechanism has room."""
        while self.online and not self.mechanism.full:
            self._command += self._received
            self._received.clear()
            command = take(self._command)
            if command is None:
                return
            del self._command[: command.size]
            self._obey(command, now)
            self._collect(self.mechanism.advance(now), now)
        self._received[:0] = self._command
        self._command.clear()

    def _obey(self, command: Command, now: float) -> None:
        start = self._read
        self._read += command.size
        data = command.data
        is_fence = command.name == "GS (" and data.startswith(_FENCE)
        if self._begin is None and not is_fence and command.name not in _QUESTIONS:
            self._begin = start
        condition = self.mechanism.condition
        match command.name:
            case "ESC @":
                self.typesetter.apply(command)
                self.asb = 0 if self.quirks.asb_off_on_init else self.asb
            case "GS a":
                self.asb = data[0]
                self._report(force=True)
            case "GS r":
                self._say(status.queued(data[0], condition))
            case "GS I":
                self._say(self._identity(data[0]))
            case _ if is_fence:
                if not self.quirks.no_gsh and len(data) >= 9:
                    self.mechanism.push(Fence(data[5:9], start, self._read), now)
            case _:
                self._push(self.typesetter.apply(command), start, now)

    def _push(self, motions: Iterable[Motion], start: int, now: float) -> None:
        for motion in motions:
            begin = start if self._begin is None else self._begin
            self.mechanism.push(replace(motion, begin=begin, end=self._read), now)
            self._begin = None

    def _identity(self, n: int) -> bytes:
        if self.quirks.poses_as_epson:
            return status.identity(n, maker="EPSON", model="TM-T88VI")
        return status.identity(n, maker="SEIRIKEN", model="VP-80")

    def _at_once(self, command: Realtime, now: float) -> None:
        match command:
            case StatusRequest(n):
                self._say(status.realtime(n, self.mechanism.condition))
            case Recover(clear):
                if self.mechanism.cutter_error:
                    if clear:
                        self._clear(now)
                    self.mechanism.retry(now)
                    self._report()
            case ClearBuffers():
                if not self.quirks.no_clear:
                    self._clear(now)
                    self._say(status.CLEARED)
            case Ignored():
                pass

    def _clear(self, now: float) -> None:
        """Empty receive buffer, line buffer and waiting movements; modes stay."""
        self._read += len(self._command) + len(self._received)
        self._received.clear()
        self._command.clear()
        self._begin = None
        self.typesetter.clear()
        self.mechanism.clear(now)

    def _say(self, answer: bytes) -> bool:
        silent = self.mute or (self.quirks.mute_when_offline and not self.online)
        if not silent:
            self._answers.append(answer)
        return not silent

    def _report(self, *, force: bool = False) -> None:
        """Automatic status, when something changed that the host wants to know."""
        condition = self.mechanism.condition
        seen = status.watched(self.asb, condition)
        if not self.asb or (seen == self._told and not force):
            return
        if self._say(status.automatic(condition)):
            self._told = seen

    def _collect(self, reached: Iterable[Reached], now: float) -> None:
        for thing in reached:
            match thing:
                case Passed(fence):
                    self._say(status.fence(fence.name))
                case Parted():
                    self._keep(thing, now)

    def _keep(self, parted: Parted, now: float) -> None:
        if not parted.strips:
            return  # the knife moved and no paper was past it
        self.count += 1
        begins = [s.line.begin for s in parted.strips if s.line.end > 0]
        source = self._recall(min(begins, default=parted.end), parted.end)
        sheet = Sheet(self.count, parted.strips, parted.how, source, now)
        self.sheets.append(sheet)
        self.in_mouth = sheet

    def _remember(self, data: bytes) -> None:
        self._history += data
        surplus = len(self._history) - _HISTORY
        if surplus > 0:
            del self._history[:surplus]
            self._forgotten += surplus

    def _recall(self, begin: int, end: int) -> bytes:
        at = self._forgotten
        return bytes(self._history[max(begin - at, 0) : max(end - at, 0)])

    def open_cover(self, now: float) -> None:
        self.advance(now)
        self.mechanism.open_cover(now)
        self._report()

    def close_cover(self, now: float) -> None:
        self.mechanism.close_cover(now)
        self._report()
        self.advance(now)

    def end_paper(
        self, now: float, *, after_bytes: int | None, after_mm: float | None
    ) -> None:
        """The roll ends: now, or after so many more bytes or millimetres of print."""
        self.advance(now)
        received = self._read + len(self._command) + len(self._received)
        at = None if after_bytes is None else received + after_bytes
        self.mechanism.end_paper(now, at=at, after_mm=after_mm)
        self.advance(now)

    def load_paper(self, now: float) -> None:
        """A new roll; printing goes on where it stopped."""
        self._collect(self.mechanism.load(now), now)
        self._report()
        self.advance(now)

    def mend_cutter(self, now: float) -> None:
        """The jammed paper is removed; unless a quirk wants DLE ENQ, cut again."""
        self.mechanism.cutter_blocked = False
        if self.mechanism.cutter_error and not self.quirks.cutter_needs_enq:
            self.mechanism.retry(now)
            self._report()
        self.advance(now)

    def take_paper(self, now: float) -> None:
        """Someone takes what hangs out of the mouth, cut or not."""
        self.advance(now)
        self._collect(self.mechanism.tear(), now)
        self.in_mouth = None

    def power_off(self, now: float) -> None:
        """Everything in RAM is lost; paper, logos and the jam stay."""
        self.advance(now)
        self._clear(now)
        self._arrivals.forget()
        self.typesetter.reset(power=True)
        self.mechanism.cutter_error = False
        self.asb = 0
        self._answers.clear()
        self.powered = False

    def power_on(self) -> None:
        self.powered = True
