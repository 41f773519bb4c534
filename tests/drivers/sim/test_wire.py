"""A slow and a cut line, answers late, twice or lost; the time is handed in."""

from pathlib import Path
from random import Random

from drivers.sim.link import Watch
from drivers.sim.replies import Replies
from drivers.sim.wire import Wire


class Pipe:
    """A link whose host has already sent everything."""

    def __init__(self, sent: bytes = b"", takes: int = 10_000) -> None:
        self.sent = sent
        self.takes = takes
        self.heard = b""
        self.connected = True
        self.up = True

    def watch(self, *, reading: bool, writing: bool) -> list[Watch]:
        return []

    def welcome(self) -> None: ...

    def read(self, limit: int) -> bytes:
        data, self.sent = self.sent[:limit], self.sent[limit:]
        return data

    def write(self, data: bytes) -> int:
        self.heard += data[: self.takes]
        return len(data[: self.takes])

    def drop(self, *, refuse: bool) -> None:
        self.connected, self.up = False, not refuse

    def restore(self) -> None:
        self.up = True

    def close(self) -> None: ...


def wire(pipe: Pipe, rate: float = 1000) -> Wire:
    return Wire(pipe, replies=Replies(Random(1)), capture=None, rate=rate, epoch=0)


def test_a_slow_line_needs_its_time_for_every_byte() -> None:
    line = wire(Pipe(b"x" * 100))
    line.slow = True
    now, came = 0.0, 0
    while came < 100:
        came += len(line.read(4096, now))
        now = line.wake_at(now) or now
    assert 0.0999 < now < 0.1001


def test_a_slow_line_is_told_when_it_is_free() -> None:
    line = wire(Pipe(b"x" * 100))
    line.slow = True
    assert line.wake_at(0) is None
    line.read(4096, 0)
    assert line.readable(4096, 0.01) == 0
    assert line.readable(4096, 0.02) == 20
    line.slow = False
    assert line.readable(4096, 0.01) == 4096


def test_nothing_more_is_read_than_there_is_room() -> None:
    assert wire(Pipe(b"x" * 100)).read(7, 0) == b"x" * 7


def test_a_cut_line_brings_exactly_so_many_bytes() -> None:
    pipe = Pipe(b"x" * 100)
    line = wire(pipe)
    line.cut_after(12, once=False)
    assert line.read(10, 0) == b"x" * 10
    line.break_if_due()
    assert pipe.connected
    assert line.read(10, 0) == b"x" * 2
    line.break_if_due()
    assert (pipe.connected, pipe.up, line.cut) == (False, False, True)
    line.mend()
    assert pipe.up


def test_mending_the_cable_does_not_switch_the_printer_on() -> None:
    pipe = Pipe()
    line = wire(pipe)
    line.cut_after(0, once=False)
    line.power(on=False)
    line.mend()
    assert not pipe.up
    line.power(on=True)
    assert pipe.up


def test_answers_wait_until_the_host_takes_them() -> None:
    pipe = Pipe(takes=3)
    line = wire(pipe)
    line.say([b"1234567"], 0)
    assert (pipe.heard, line.speaking) == (b"123", True)
    line.say([], 0)
    line.say([], 0)
    assert (pipe.heard, line.speaking) == (b"1234567", False)


def test_answers_to_nobody_are_lost() -> None:
    pipe = Pipe()
    pipe.connected = False
    line = wire(pipe)
    line.say([b"1234567"], 0)
    assert (pipe.heard, line.speaking, line.journal.entries()) == (b"", False, ())


def test_the_journal_forgets_the_oldest_and_stays_small() -> None:
    line = wire(Pipe())
    for n in range(100):
        line.say([bytes([n]) * 1000], n)
    entries = line.journal.entries()
    assert entries[-1].data == bytes([99]) * 1000
    assert 60_000 < sum(len(entry.data) for entry in entries) <= 64 * 1024


def test_capture_is_written_first(tmp_path: Path) -> None:
    with (tmp_path / "bytes").open("ab", buffering=0) as capture:
        line = Wire(
            Pipe(b"abc"), replies=Replies(Random(1)), capture=capture, rate=1, epoch=0
        )
        line.read(10, 0)
        assert (tmp_path / "bytes").read_bytes() == b"abc"


def test_late_answers_come_late_and_in_order() -> None:
    pipe = Pipe()
    line = wire(pipe)
    line.replies.late = True
    line.say([b"1", b"2"], 10)
    line.replies.late = False
    line.say([b"3"], 11)
    assert (pipe.heard, line.wake_at(11)) == (b"", 12)
    line.say([], 12)
    assert (pipe.heard, line.wake_at(12)) == (b"123", None)


def test_doubled_answers_are_whole() -> None:
    pipe = Pipe()
    line = wire(pipe)
    line.replies.double = True
    line.say([b"ab", b"c"], 0)
    assert pipe.heard == b"ababcc"


def test_some_answers_are_lost_and_the_others_whole() -> None:
    pipe = Pipe()
    line = wire(pipe)
    line.replies.lossy = True
    line.say([b"%02d" % n for n in range(100)], 0)
    came = [pipe.heard[at : at + 2] for at in range(0, len(pipe.heard), 2)]
    assert 30 < len(came) < 70
    assert came == sorted(came)


def test_answers_on_their_way_are_lost_when_the_line_breaks() -> None:
    pipe = Pipe()
    line = wire(pipe)
    line.replies.late = True
    line.say([b"1"], 0)
    line.cut_after(0, once=True)
    pipe.connected = True
    line.say([], 9)
    assert pipe.heard == b""
