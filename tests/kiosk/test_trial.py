"""The test slip comes out of the real driver and is no ticket."""

import socket
from collections.abc import Iterator
from math import inf
from pathlib import Path

import pytest

from drivers.sim.sim import PrinterSim
from kiosk import __main__ as command
from kiosk import look
from kiosk.database import Database, LedgerLock
from tests.kiosk.field import Field
from tests.kiosk.office import LEDGER


@pytest.fixture
def field(tmp_path: Path, morning: Path) -> Field:
    """Enrolled, stopped, without a printer; its agent would take any port."""
    field = Field(tmp_path)
    field.remember(morning)
    field.put("link", '"fake"')
    field.put("port", "0", section="agent")
    return field


def asked(field: Field, *words: str) -> int:
    return command.main(["--settings", str(field.path), *words])


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """What a failed command said: one line on stderr that begins with its name."""
    (line,) = capsys.readouterr().err.splitlines()
    name, _, sentence = line.partition(": ")
    assert name == "seiriken-kiosk"
    return sentence


@pytest.fixture
def sim(field: Field) -> Iterator[PrinterSim]:
    with PrinterSim(speed=inf) as sim:
        field.put("link", '"network"')
        field.put("port", str(sim.port), section="printer")
        yield sim


def test_the_test_slip_is_printed_and_is_no_ticket(field, sim, capsys):
    before = look.counts(field.data)
    assert asked(field, "print-test") == 0
    assert capsys.readouterr().out == (
        "printed and confirmed (grade A-); nothing was counted\n"
    )
    (sheet,) = sim.sheets
    assert "永 整理券 アイウ あいう ①㈱№" in "\n".join(sheet.lines)
    assert any("chuo-1" in line for line in sheet.lines)
    assert look.counts(field.data) == before


def test_the_slip_speaks_the_technicians_language(field, sim):
    assert asked(field, "print-test", "--language", "en") == 0
    assert sim.sheets[0].lines != ()
    assert any("not a" in line.lower() for line in sim.sheets[0].lines)


def test_a_running_kiosk_keeps_its_printer(field, sim, capsys):
    lock = LedgerLock(field.data)
    try:
        assert asked(field, "print-test") == 1
    finally:
        lock.release()
    assert one_line(capsys) == (
        "the kiosk is running and has the printer: print the test slip from its staff"
        " corner, or stop the kiosk first"
    )
    assert sim.received == 0


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("paper_end", "nothing was printed (paper_end): put in a new roll, then try"),
        ("cover_open", "nothing was printed (cover_open): close its cover, then try"),
        (
            "cutter_jam",
            "the slip is printed and not cut (cutter_jam): remove the paper",
        ),
        ("mute", "nothing was printed (silent): look at it"),
    ],
)
def test_a_slip_that_does_not_come_out_is_1(field, sim, capsys, trouble, sentence):
    sim.fault(trouble)
    assert asked(field, "print-test") == 1
    assert one_line(capsys).startswith(sentence)


def test_what_a_torn_slip_left_does_not_come_out_later(field, sim, capsys):
    sim.fault("paper_end", after_bytes=60)
    assert asked(field, "print-test") == 1
    assert one_line(capsys).startswith("the printer stopped in the middle of the slip")
    sim.fault("paper_end", on=False)
    assert asked(field, "print-test") == 0
    whole = [sheet for sheet in sim.sheets if not sheet.torn and sheet.lines]
    assert len(whole) == 1


def test_paper_that_a_killed_kiosk_left_hanging_is_cut_off_first(field, sim):
    database = Database(field.data / LEDGER)
    with database.transaction() as db:
        db.execute("INSERT INTO meta (name, value) VALUES ('uncut', '1')")
    database.close()
    with socket.create_connection(("127.0.0.1", sim.port)) as killed:
        killed.sendall(b"A001\n")
        sim.wait_until(lambda engine: sim.received >= 5)
    assert asked(field, "print-test") == 0
    assert [s.lines[0] for s in sim.sheets if "A001" in s.lines] == ["A001"]
    assert len([s for s in sim.sheets if s.lines]) == 2


def test_the_slip_is_tried_before_there_is_a_kiosk(tmp_path):
    field = Field(tmp_path)
    field.data.rmdir()
    field.put("link", '"fake"')
    assert asked(field, "print-test") == 0
