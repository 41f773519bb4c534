"""The loop: fingers, letters and the clock become screens."""

from dataclasses import replace
from datetime import timedelta
from threading import Event as Flag
from threading import Thread
from uuid import UUID

import pytest

from drivers import Cause, Level, Paper, PrinterStatus
from kiosk.core.effects import CallStaff, GiveBack, PrintTicket, TakeNumber, Wait
from kiosk.core.events import Issued, PrintEnded, StaffButtonPressed
from kiosk.core.screens import Ticket
from kiosk.runtime import HEARTBEAT, Runtime, TouchedFrom
from kiosk.surroundings import Known
from kiosk.sync import CatalogueChanged, OnlineChanged
from kiosk.ui.measures import Panel
from kiosk.ui.press import Finger
from kiosk.ui.window import VideoSettings, Window
from tests.kiosk.office import CATALOGUE, at, stocked

PANEL = Panel(1280, 800, 5.9)
HEALTHY = PrinterStatus(Level.OK, Cause.NONE, Paper.OK, at().at)
TICKET = Ticket(UUID(int=7), "1", "moving", "HTTPS://E/T/X", False, None)


class Kiosk:
    """A runtime on an offscreen panel; time passes when the test says so."""

    def __init__(self, directory):
        self.seconds = 1000.0
        self.window = Window(
            VideoSettings("dummy", PANEL, fullscreen=False), lambda: self.seconds
        )
        store = stocked(directory)
        known = Known(
            CATALOGUE, None, True, HEALTHY, "", True, store.remaining(self.now())
        )
        self.runtime = Runtime(
            window=self.window,
            panel=PANEL,
            ruler=self.window.fonts,
            store=store,
            known=known,
            now=self.now,
            monotonic=lambda: self.seconds,
        )
        self.done = []
        self.runtime.carry_out = self.carry_out
        self.turn()

    def now(self):
        passed = timedelta(seconds=self.seconds - 1000)
        return replace(at("10:00"), at=at("10:00").at + passed)

    def carry_out(self, effect):
        self.done.append(effect)
        if isinstance(effect, Wait):
            self.runtime.wait_for(effect.seconds)

    def turn(self, *fingers):
        self.runtime.turn(list(fingers))

    @property
    def screen(self):
        return self.runtime.screen_name

    def pass_time(self, seconds):
        self.seconds += seconds
        self.turn()

    def place(self, target):
        rect = next(t.rect for t in self.runtime.view.targets if t.id == target)
        return (
            (rect.x + rect.w / 2) / PANEL.width_px,
            (rect.y + rect.h / 2) / PANEL.height_px,
        )

    def press(self, target):
        self.press_at(*self.place(target))

    def press_at(self, x, y):
        self.turn(Finger("down", x, y, 1))
        self.turn(Finger("up", x, y, 1))

    def hear(self, letter):
        self.runtime.post(letter)
        self.turn()

    def asked_for(self, kind):
        return [effect for effect in self.done if isinstance(effect, kind)]


@pytest.fixture
def kiosk(tmp_path):
    kiosk = Kiosk(tmp_path)
    yield kiosk
    kiosk.window.close()


def test_a_press_becomes_a_number_and_paper(kiosk):
    kiosk.press("procedure:moving")
    assert kiosk.screen == "issuing"
    assert len(kiosk.asked_for(TakeNumber)) == 1
    kiosk.hear(Issued(TICKET))
    assert kiosk.asked_for(PrintTicket) == [PrintTicket(TICKET, "ja")]
    kiosk.hear(PrintEnded(TICKET.ticket_id, "printed"))
    assert kiosk.screen == "done"


def test_a_finger_that_slides_off_presses_nothing(kiosk):
    x, y = kiosk.place("procedure:moving")
    kiosk.turn(Finger("down", x, y, 1))
    kiosk.turn(Finger("move", 0.01, 0.99, 1))
    kiosk.turn(Finger("up", 0.01, 0.99, 1))
    assert kiosk.screen == "home"


def test_two_taps_on_one_button_are_one_ticket(kiosk):
    where = kiosk.place("procedure:moving")
    kiosk.press_at(*where)
    kiosk.hear(Issued(TICKET))
    kiosk.press_at(*where)
    kiosk.hear(PrintEnded(TICKET.ticket_id, "printed"))
    kiosk.seconds += 1
    kiosk.press_at(*where)
    assert kiosk.screen == "done"
    assert len(kiosk.asked_for(TakeNumber)) == 1
    assert kiosk.asked_for(GiveBack) == []


def test_once_home_was_shown_the_same_button_is_a_new_ticket(kiosk):
    where = kiosk.place("procedure:moving")
    kiosk.press_at(*where)
    kiosk.hear(Issued(TICKET))
    kiosk.hear(PrintEnded(TICKET.ticket_id, "printed"))
    kiosk.press("cancel")
    kiosk.press_at(0.5, 0.5)
    assert kiosk.screen == "home"
    kiosk.press_at(*where)
    assert len(kiosk.asked_for(TakeNumber)) == 2


def test_the_done_screen_goes_by_itself_second_by_second(kiosk):
    kiosk.press("procedure:moving")
    kiosk.hear(Issued(TICKET))
    kiosk.hear(PrintEnded(TICKET.ticket_id, "printed"))
    first = kiosk.runtime.view.revision
    for _ in range(19):
        kiosk.pass_time(1)
    assert kiosk.screen == "done"
    assert kiosk.runtime.view.revision == first + 19
    kiosk.pass_time(1)
    assert kiosk.screen == "home"


def test_nothing_is_drawn_anew_while_nothing_happens(kiosk):
    before = kiosk.runtime.view
    kiosk.pass_time(HEARTBEAT)
    assert kiosk.runtime.view is before


def test_the_office_closes_on_its_minute(kiosk):
    kiosk.pass_time(7 * 3600 - 1)
    assert kiosk.screen == "home"
    kiosk.pass_time(1)
    assert kiosk.screen == "closed"


def test_the_network_going_changes_the_name_and_not_the_buttons(kiosk):
    before = {target.id for target in kiosk.runtime.view.targets}
    kiosk.hear(OnlineChanged(False))
    assert kiosk.screen == "offline"
    assert {target.id for target in kiosk.runtime.view.targets} == before


def test_a_new_catalogue_changes_the_buttons(kiosk):
    less = CATALOGUE.model_copy(update={"procedures": CATALOGUE.procedures[:1]})
    kiosk.hear(CatalogueChanged(less))
    buttons = [t.id for t in kiosk.runtime.view.targets if t.id.startswith("proc")]
    assert buttons == ["procedure:moving"]


def test_the_call_button_beside_the_screen_is_heard(kiosk):
    kiosk.hear(StaffButtonPressed())
    assert kiosk.screen == "staff_called"
    assert kiosk.asked_for(CallStaff) == [CallStaff("button")]


def test_staff_can_put_the_machine_out_of_service_and_back(kiosk):
    kiosk.runtime.in_trouble("staff")
    assert kiosk.screen == "out_of_service"
    kiosk.runtime.in_trouble("")
    assert kiosk.screen == "home"


def test_a_touch_from_elsewhere_is_answered_when_it_was_taken_in(kiosk):
    handled = Flag()
    kiosk.runtime.post(TouchedFrom(*kiosk.place("procedure:moving"), handled))
    assert not handled.is_set()
    kiosk.turn()
    assert handled.is_set()
    assert kiosk.screen == "issuing"


def test_the_loop_sleeps_until_a_thread_wakes_it_and_ends_when_told(kiosk):
    loop = Thread(target=kiosk.runtime.run)
    loop.start()
    kiosk.runtime.post(OnlineChanged(False))
    kiosk.runtime.stop()
    loop.join(timeout=10)
    assert not loop.is_alive()
    assert kiosk.window.sleeps <= 5
