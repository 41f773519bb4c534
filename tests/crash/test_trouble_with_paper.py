"""Every fault of the printer through the whole house, judged from paper and the list.

One visitor, one number: it stands in the queue once, whatever the printer did, and at
most one whole sheet of it is without the mark 再発行.
"""

from math import inf
from random import Random

import pytest

from bench.proofs import judge, paper
from bench.proofs.central import Central
from bench.proofs.clock import ProofClock, at
from bench.proofs.kiosk import Kiosk, Setting
from bench.proofs.marks import Board, Mark
from bench.proofs.visitors import Visitors
from drivers.profile import Patience
from drivers.sim.sim import PrinterSim
from drivers.transport import NetworkLink
from kiosk.core.events import Touched
from kiosk.core.screens import Cancelled, Done, PaperOut

DAY = "2026-11-24"
BUTTON = "procedure:consult"
SHORT = Patience(
    preflight=0.5, probe=0.6, mechanical=0.5, poll=0.05, warn=1.0, decide=1.5, cut=0.5
)
"""A silent printer is given up on soon: nobody wants to wait for it here."""


@pytest.fixture(scope="module")
def clock():
    return ProofClock.from_now(at(DAY, "09:00"))


@pytest.fixture(scope="module")
def central(tmp_path_factory, clock):
    with Central(tmp_path_factory.mktemp("office"), clock) as central:
        central.start(clock)
        yield central


class Stand:
    """A visitor in front of a kiosk, and a clerk with the list."""

    def __init__(self, kiosk, sim, board, clerk):
        self.kiosk, self.sim, self.board, self.clerk = kiosk, sim, board, clerk
        self._at = 0.0

    def touch(self, target):
        self._at += 10
        self.kiosk.step(Touched(target, self._at))

    def take_one(self):
        """An ordinary ticket; its label."""
        visitors = Visitors(self.kiosk, Random(1), ("consult",))
        visitors.leave_with(1)
        return visitors.served[0]

    def press(self):
        """Touch the button and wait for the number; its label."""
        self.touch(BUTTON)
        self.kiosk.until(lambda screen: getattr(screen, "ticket", None) is not None)
        return self.kiosk.screen.ticket.label

    def until(self, kind, **fields):
        self.kiosk.until(
            lambda screen: (
                isinstance(screen, kind)
                and all(getattr(screen, k) == v for k, v in fields.items())
            )
        )

    def while_printing(self, fault):
        """Switch the fault on as soon as the printer moves."""
        self.sim.wait_until(lambda engine: engine.mechanism.moving)
        assert self.board.mark is Mark.SENT
        self.sim.fault(fault)

    def tell_all(self):
        for _ in range(500):
            if not self.kiosk.store.pending():
                return
            self.kiosk.turn(0.02)
        raise AssertionError("the server was not told")

    def at_server(self, label):
        """How the staff's list has the number, once everything was told."""
        self.tell_all()
        found = [one for one in self.clerk.tickets() if one["label"] == label]
        assert len(found) == 1, "a visitor stands in the queue once"
        return found[0]

    def papers(self, label):
        return [p for p in paper.read_all(self.sim.sheets) if label in p.labels]


@pytest.fixture(params=[inf])
def stand(request, tmp_path, central, clock):
    central.enrol(tmp_path / "kiosk", clock)
    board = Board(tmp_path / "board")
    with PrinterSim(speed=request.param) as sim:
        setting = Setting(
            data=tmp_path / "kiosk",
            server=central.url,
            now=clock.now,
            link=NetworkLink("127.0.0.1", sim.port),
            board=board,
            reserve=20,
            patience=SHORT,
        )
        kiosk = Kiosk(setting)
        kiosk.sync.turn()
        kiosk.sync.turn()
        kiosk.start()
        stand = Stand(kiosk, sim, board, central.clerk())
        stand.take_one()
        yield stand
        stand.tell_all()
        kiosk.close()
        mine = {p.serials[0][0] for p in paper.read_all(sim.sheets) if p.serials}
        known = [
            k for k in central.known(clock.now().date()) if k.ticket.key_id in mine
        ]
    assert judge.faults(paper.read_all(sim.sheets), known) == ()


in_real_time = pytest.mark.parametrize("stand", [400.0], indirect=True)
"""Millimetres a second: slow enough for something to happen in mid-ticket."""


def test_paper_ends_in_mid_ticket_and_the_whole_comes_after_the_new_roll(stand):
    stand.sim.fault("paper_end", after_bytes=250)
    label = stand.press()
    stand.until(PaperOut, held=True)
    held = stand.at_server(label)
    assert (held["print"], held["state"], held["ahead"]) == ("held", "waiting", None)

    stand.sim.fault("paper_end", on=False)
    stand.until(Done, paper="printed")
    printed = stand.at_server(label)
    assert (printed["id"], printed["print"]) == (held["id"], "printed")
    assert printed["ahead"] is not None
    torn, again = stand.papers(label)
    assert (torn.whole, torn.marked) == (False, False)
    assert (again.whole, again.marked) == (True, True)


def test_a_visitor_who_left_finds_the_held_ticket_printed_all_the_same(stand):
    stand.sim.fault("paper_end", after_bytes=250)
    label = stand.press()
    stand.until(PaperOut, held=True)
    while isinstance(stand.kiosk.screen, PaperOut):
        stand.kiosk.second_passes()

    stand.sim.fault("paper_end", on=False)
    stand.sim.wait_until(
        lambda engine: any(label in s.lines and not s.torn for s in engine.sheets)
    )
    assert stand.at_server(label)["print"] == "printed"
    assert [p.marked for p in stand.papers(label) if p.whole] == [True]


def test_a_number_taken_from_the_screen_leaves_no_paper_behind(stand):
    stand.sim.fault("paper_end", after_bytes=250)
    label = stand.press()
    stand.until(PaperOut, held=True)
    stand.touch("accept")
    stand.sim.fault("paper_end", on=False)
    after = stand.take_one()

    assert stand.at_server(label)["print"] == "not_required"
    assert not [p for p in stand.papers(label) if p.whole]
    assert [p.labels for p in stand.papers(after)] == [(after,)]


def test_a_jammed_cutter_still_gives_the_ticket_and_the_next_its_own_sheet(stand):
    stand.sim.fault("cutter_jam")
    label = stand.press()
    stand.until(Done, paper="uncut")
    assert stand.at_server(label)["print"] == "printed_uncut"

    stand.touch(None)
    stand.sim.fault("cutter_jam", on=False)
    stand.sim.fault("cover_open")
    stand.sim.fault("cover_open", on=False)
    after = stand.take_one()
    assert [p.whole for p in stand.papers(label)] == [True]
    assert [p.labels for p in stand.papers(after)] == [(after,)]


def test_with_the_cover_open_nothing_is_sent_and_the_number_is_given_back(stand):
    stand.sim.fault("cover_open")
    label = stand.press()
    stand.until(PaperOut, held=False)
    stand.touch("back")
    assert isinstance(stand.kiosk.screen, Cancelled)
    assert stand.at_server(label)["state"] == "cancelled"
    assert stand.papers(label) == []


@in_real_time
def test_a_cover_opened_in_mid_ticket_holds_it_until_it_is_closed(stand):
    label = stand.press()
    stand.while_printing("cover_open")
    stand.until(PaperOut, held=True, cause="cover_open")
    assert stand.at_server(label)["print"] == "held"

    stand.sim.fault("cover_open", on=False)
    stand.until(Done, paper="printed")
    assert stand.at_server(label)["print"] == "printed"
    assert [p.marked for p in stand.papers(label) if p.whole] == [True]


@in_real_time
def test_a_printer_that_falls_silent_leaves_a_doubt_and_a_marked_second_sheet(stand):
    label = stand.press()
    stand.while_printing("mute")
    stand.until(Done, paper="unknown")
    doubt = stand.at_server(label)
    assert doubt["print"] == "unknown"
    assert doubt["ahead"] is not None, "whoever may have paper is called"

    stand.sim.fault("mute", on=False)
    stand.touch("again")
    stand.until(Done, paper="printed")
    assert stand.at_server(label)["print"] == "printed"
    assert [p.marked for p in stand.papers(label) if p.whole][-1] is True


def test_a_cut_cable_leaves_a_doubt_and_a_marked_whole_sheet(stand):
    stand.sim.fault("cut_link", after_bytes=250, once=True)
    label = stand.press()
    stand.until(Done, paper="unknown")
    assert stand.at_server(label)["print"] == "unknown"

    stand.touch("again")
    stand.until(Done, paper="printed")
    assert stand.at_server(label)["print"] == "printed"
    assert [p.marked for p in stand.papers(label) if p.whole] == [True]
