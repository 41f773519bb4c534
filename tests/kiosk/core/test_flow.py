"""The conversation at the kiosk, played event by event."""

from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest

from kiosk.core import flow
from kiosk.core.effects import (
    CallStaff,
    CheckPin,
    GiveBack,
    KeepOnScreen,
    Light,
    PrintTicket,
    StaffAction,
    TakeNumber,
    Wait,
)
from kiosk.core.events import (
    Issued,
    IssueRefused,
    PinChecked,
    PrintEnded,
    StaffAnswered,
    StaffButtonPressed,
    Touched,
    Waited,
    WorldChanged,
)
from kiosk.core.screens import (
    Cancelled,
    Choose,
    Closed,
    Done,
    Home,
    Issuing,
    OutOfService,
    PaperOut,
    PinEntry,
    StaffCalled,
    StaffMenu,
    Ticket,
    name_of,
)
from kiosk.core.world import Offer, World

WORLD = World(
    online=True,
    offers=(
        Offer("certificates", waiting=5, low=10, high=20),
        Offer("preapplied", waiting=1, low=0, high=5),
        Offer("insurance", state="suspended"),
        Offer(
            "mynumber",
            choices=(Offer("mynumber_pickup"), Offer("mynumber_apply", "suspended")),
        ),
    ),
)
TICKET = Ticket(
    UUID(int=7), "F012", "preapplied", "HTTPS://E/T/X", preapplied=True, issued_at=None
)
HOME = Home(WORLD, "ja")
ISSUING = Issuing(WORLD, "ja", "preapplied", 100.0, TICKET)


def play(screen, *events):
    """The screen after those events and everything that was asked for on the way."""
    effects = []
    for event in events:
        screen, wanted = flow.step(screen, event)
        effects.extend(wanted)
    return screen, effects


def printed(outcome, cause=""):
    return PrintEnded(TICKET.ticket_id, outcome, cause)


def test_one_touch_takes_one_number_and_prints_it():
    screen, effects = play(HOME, Touched("procedure:preapplied", 100.0))
    assert name_of(screen) == "issuing"
    assert TakeNumber("preapplied", "ja", ahead=1, low=0, high=5) in effects

    screen, effects = play(screen, Issued(TICKET))
    assert PrintTicket(TICKET, "ja") in effects

    screen, effects = play(screen, printed("printed"))
    assert screen == Done(WORLD, "ja", TICKET, "printed", 100.0, flow.SHOWN_WITH_QR)
    assert Light(on=True) in effects


def test_a_ticket_with_a_qr_is_shown_twenty_seconds_another_fifteen():
    for url, seconds in ((TICKET.url, 20), ("", 15)):
        issuing = replace(ISSUING, ticket=replace(TICKET, url=url))
        done, _ = play(issuing, printed("printed"))
        screen, _ = play(done, *[Waited()] * (seconds - 1))
        assert name_of(screen) == "done"
        screen, effects = play(screen, Waited())
        assert name_of(screen) == "home"
        assert Light(on=False) in effects


@pytest.mark.parametrize("seconds", [0.1, 1.0, 2.9])
def test_the_same_button_again_within_three_seconds_is_the_same_ticket(seconds):
    for screen in (ISSUING, Done(WORLD, "ja", TICKET, "printed", 100.0, 20)):
        again = Touched("procedure:preapplied", 100.0 + seconds)
        assert flow.same_press(screen, seconds)
        assert play(screen, again) == (screen, [])


def test_a_second_tap_does_not_dismiss_the_number_but_a_later_touch_does():
    done = Done(WORLD, "ja", TICKET, "printed", 100.0, 20)
    assert play(done, Touched(None, 102.9))[0] == done
    assert play(done, Touched(None, 103.0))[0] == HOME


def test_a_double_tap_on_a_button_with_choices_chooses_nothing():
    choose, _ = play(HOME, Touched("procedure:mynumber", 100.0))
    assert flow.same_press(choose, 0.5)
    assert not flow.same_press(choose, 0.9)


def test_cancel_gives_the_number_back_as_long_as_it_is_shown():
    for paper, left in product(("printed", "uncut", "unknown", "on_screen"), (20, 1)):
        done = Done(WORLD, "ja", TICKET, paper, 100.0, left)
        screen, effects = play(done, Touched("cancel", 100.5))
        assert screen == Cancelled(WORLD, "ja", "F012")
        assert GiveBack(TICKET, "visitor") in effects


def test_a_choice_below_a_button_issues_for_that_choice():
    screen, effects = play(
        HOME,
        Touched("procedure:mynumber", 100.0),
        Touched("procedure:mynumber_pickup", 102.0),
    )
    assert name_of(screen) == "issuing"
    assert TakeNumber("mynumber_pickup", "ja") in effects


def test_whoever_is_lost_in_the_choices_is_asked_and_then_sent_home():
    choose = Choose(WORLD, "ja", "mynumber")
    asked, _ = play(choose, Waited())
    assert asked.left == flow.STILL_THERE >= 20
    stays, _ = play(asked, Touched("more_time", 5.0))
    assert stays == replace(choose, extensions=1)
    gone, _ = play(asked, *[Waited()] * flow.STILL_THERE)
    assert gone == HOME


def test_more_time_can_be_had_ten_times():
    screen = Choose(WORLD, "ja", "mynumber")
    for _ in range(flow.EXTENSIONS):
        screen, _ = play(screen, Waited(), Touched("more_time", 5.0))
        assert name_of(screen) == "choose"
    assert play(screen, Waited())[0] == HOME


def test_a_closed_procedure_says_so_and_takes_no_number():
    screen, effects = play(HOME, Touched("procedure:insurance", 1.0))
    assert screen == Closed(WORLD, "ja", "insurance")
    assert not any(isinstance(effect, TakeNumber) for effect in effects)
    assert play(screen, Waited())[0] == HOME


def test_no_paper_at_all_offers_the_number_on_the_screen():
    out, effects = play(ISSUING, printed("not_sent", "paper_end"))
    assert name_of(out) == "paper"
    assert CallStaff("paper_end") in effects

    kept, effects = play(out, Touched("accept", 110.0))
    assert (name_of(kept), kept.paper) == ("done", "on_screen")
    assert KeepOnScreen(TICKET) in effects

    _, effects = play(out, Touched("back", 110.0))
    assert GiveBack(TICKET, "visitor") in effects


def test_a_number_nobody_wanted_without_paper_is_void():
    out, _ = play(ISSUING, printed("not_sent", "paper_end"))
    home, effects = play(out, *[Waited()] * flow.PAPER_NOT_SENT)
    assert home == HOME
    assert effects[-1] == GiveBack(TICKET, "not_sent")


def test_a_torn_ticket_keeps_its_place_and_comes_after_the_reload():
    held, _ = play(ISSUING, printed("held", "paper_end"))
    assert held.held
    done, _ = play(held, printed("printed"))
    assert name_of(done) == "done"

    home, effects = play(held, *[Waited()] * flow.PAPER_HELD)
    assert home == HOME
    assert not any(isinstance(effect, GiveBack) for effect in effects)


def test_in_doubt_the_number_is_shown_and_the_visitor_may_ask_for_paper():
    doubt, effects = play(ISSUING, printed("unknown", "silent"))
    assert doubt.paper == "unknown"
    assert CallStaff("silent") in effects

    printing, effects = play(doubt, Touched("again", 120.0))
    assert name_of(printing) == "issuing"
    assert PrintTicket(TICKET, "ja", reprint=True) in effects


def test_a_printer_thread_that_never_answers_does_not_lose_the_number():
    screen, effects = play(ISSUING, Waited())
    assert (name_of(screen), screen.paper) == ("done", "unknown")
    assert CallStaff("no_answer") in effects


@pytest.mark.parametrize("reason", ["no_numbers", "storage"])
def test_without_a_number_the_machine_says_so_and_calls_staff(reason):
    issuing = Issuing(WORLD, "ja", "preapplied", 100.0)
    screen, effects = play(issuing, IssueRefused(reason))
    assert screen == OutOfService(WORLD, "ja", reason)
    assert CallStaff(reason) in effects
    assert play(screen, Waited())[0] == HOME


def test_home_is_called_offline_without_the_server_and_still_issues():
    offline = replace(WORLD, online=False)
    screen, _ = play(HOME, WorldChanged(offline))
    assert name_of(screen) == "offline"
    _, effects = play(screen, Touched("procedure:certificates", 1.0))
    assert TakeNumber("certificates", "ja", 5, 10, 20) in effects


def test_the_office_closing_does_not_break_off_a_started_transaction():
    closed = replace(WORLD, office_state="after", opens="09:00", closes="17:00")
    assert name_of(play(HOME, WorldChanged(closed))[0]) == "closed"
    screen, _ = play(ISSUING, WorldChanged(closed), printed("printed"))
    assert name_of(screen) == "done"
    assert name_of(play(screen, *[Waited()] * 20)[0]) == "closed"


def test_the_machine_recovers_by_itself_from_being_out_of_service():
    broken = replace(WORLD, trouble="no_catalogue")
    out, _ = play(HOME, WorldChanged(broken))
    assert name_of(out) == "out_of_service"
    assert play(out, Waited())[0] == out
    assert play(out, WorldChanged(WORLD))[0] == HOME


def test_the_language_button_turns_and_the_next_visitor_finds_japanese():
    english, effects = play(HOME, Touched("language", 1.0))
    assert english == Home(WORLD, "en")
    assert effects == [Wait(flow.LANGUAGE_KEPT)]
    assert play(english, Waited())[0] == HOME
    done = Done(WORLD, "en", TICKET, "printed", 100.0, 1)
    assert play(done, Waited())[0] == HOME


def test_calling_staff_shows_it_and_returns_to_where_the_visitor_was():
    done = Done(WORLD, "ja", TICKET, "printed", 100.0, 12)
    called, effects = play(done, Touched("call_staff", 105.0))
    assert called == StaffCalled(WORLD, "ja", done)
    assert effects[0] == CallStaff("visitor")
    assert play(called, Waited()) == (done, [Wait(1)])


def test_the_call_button_beside_the_screen_never_disturbs_a_print():
    assert play(ISSUING, StaffButtonPressed()) == (ISSUING, [CallStaff("button")])


def test_a_print_ends_below_the_message_that_staff_were_called():
    held = PaperOut(WORLD, "ja", TICKET, "paper_end", True, 100.0, 60)
    below, _ = play(StaffCalled(WORLD, "ja", held), printed("printed"))
    assert name_of(below) == "done"


def test_the_staff_corner_wants_the_pin():
    pin, _ = play(HOME, Touched("staff", 1.0))
    typed, effects = play(
        pin, *[Touched(f"digit:{d}", 2.0) for d in "2580"], Touched("enter", 3.0)
    )
    assert effects[-2] == CheckPin("2580")
    assert typed == PinEntry(WORLD, "ja")
    assert play(typed, PinChecked(right=False))[0].wrong
    menu, _ = play(typed, PinChecked(right=True, last="F012"))
    assert menu == StaffMenu(WORLD, "ja", "F012")

    busy, effects = play(menu, Touched("reprint", 4.0))
    assert StaffAction("reprint", "ja") in effects
    assert play(busy, Touched("reprint", 4.5))[1] == []
    assert play(busy, StaffAnswered("printed"))[0].answer == "printed"


def test_a_late_word_of_the_printer_disturbs_nobody_else():
    for screen in (Choose(WORLD, "ja", "mynumber"), StaffMenu(WORLD, "ja")):
        assert play(screen, printed("printed")) == (screen, [])


def test_the_lamp_shows_a_held_ticket_that_comes_out_later():
    screen, effects = play(HOME, printed("printed"))
    assert screen == HOME
    assert Light(on=True) in effects
    assert Light(on=False) in play(HOME, Waited())[1]


def test_a_reprint_that_was_not_sent_takes_nothing_back():
    doubt = Done(WORLD, "ja", TICKET, "unknown", 100.0, 20)
    again, _ = play(doubt, Touched("again", 120.0))
    failed = PrintEnded(TICKET.ticket_id, "not_sent", "cover_open", reprint=True)
    screen, effects = play(again, failed)
    assert (name_of(screen), screen.paper) == ("done", "unknown")
    gone, effects = play(screen, *[Waited()] * flow.SHOWN_IN_DOUBT)
    assert gone == HOME
    assert not any(isinstance(effect, GiveBack) for effect in effects)


def test_the_first_attempts_late_word_does_not_end_the_second():
    again = replace(ISSUING, again=True)
    assert play(again, printed("unknown")) == (again, [])
    word = PrintEnded(TICKET.ticket_id, "printed", reprint=True)
    assert play(again, word)[0].paper == "printed"


@pytest.mark.parametrize(
    ("outcome", "name", "paper"),
    [
        ("printed", "done", "printed"),
        ("printed_uncut", "done", "uncut"),
        ("held", "paper", None),
        ("not_sent", "paper", None),
    ],
)
def test_whatever_the_printer_says_late_ends_the_doubt(outcome, name, paper):
    doubt = Done(WORLD, "ja", TICKET, "unknown", 100.0, 20)
    screen, _ = play(doubt, printed(outcome, "x"))
    assert name_of(screen) == name
    assert paper is None or screen.paper == paper


def test_after_too_many_wrong_pins_the_screen_says_to_wait():
    pin = PinEntry(WORLD, "ja")
    screen, _ = play(pin, PinChecked(right=False, resting=True))
    assert (screen.wrong, screen.resting) == (True, True)


# The walk ----------------------------------------------------------------------------

WORLDS = [
    WORLD,
    replace(WORLD, online=False, printer="paper_end"),
    replace(WORLD, office_state="after"),
    replace(WORLD, trouble="no_numbers"),
    replace(WORLD, offers=()),
]
FINGERS = [
    Touched(target, at)
    for at in (100.0, 200.0)
    for target in (
        None,
        "procedure:preapplied",
        "procedure:mynumber",
        "procedure:mynumber_pickup",
        "procedure:insurance",
        "language",
        "back",
        "cancel",
        "accept",
        "again",
        "more_time",
        "call_staff",
        "staff",
        "digit:1",
        "clear",
        "enter",
        "reprint",
        "test_print",
        "service",
    )
]
ANSWERS = [
    Issued(TICKET),
    IssueRefused("no_numbers"),
    IssueRefused("storage"),
    *[
        printed(outcome, "x")
        for outcome in ("printed", "printed_uncut", "held", "unknown", "not_sent")
    ],
    PinChecked(right=True, last="F012"),
    PinChecked(right=False),
    StaffAnswered("printed"),
    StaffButtonPressed(),
]


def shortened(screen):
    """Countdowns and typed digits make many alike screens: keep their corners only."""
    match screen:
        case Done() | PaperOut():
            return replace(screen, left=min(screen.left, 2), touched_at=100.0)
        case Choose(left=int(left)):
            return replace(screen, left=min(left, 2), extensions=0)
        case Choose():
            return replace(screen, extensions=0)
        case Issuing():
            return replace(screen, touched_at=100.0)
        case PinEntry():
            return replace(screen, digits=screen.digits[:1])
        case StaffCalled(below=below):
            return replace(screen, below=shortened(below))
        case _:
            return screen


def everywhere():
    """Every screen that any order of events leads to."""
    found = {flow.start(world) for world in WORLDS}
    edge = set(found)
    events = FINGERS + ANSWERS + [Waited()] + [WorldChanged(w) for w in WORLDS]
    while edge:
        seen = {shortened(flow.step(s, e)[0]) for s in edge for e in events}
        edge = seen - found
        found |= edge
    return found


def test_nobody_is_ever_stuck():
    screens = everywhere()
    assert {name_of(screen) for screen in screens} == {
        "home",
        "offline",
        "choose",
        "issuing",
        "done",
        "cancelled",
        "closed",
        "paper",
        "out_of_service",
        "staff_called",
        "staff",
    }
    for screen in screens:
        resting = flow.start(screen.world)
        now = screen
        for _ in range(12):  # countdowns are shortened, so a dozen waits are plenty
            now = shortened(flow.step(now, Waited())[0])
        assert now == resting, f"no way home from {screen}"


def test_every_screen_that_is_left_by_time_has_asked_for_it():
    """Walk each edge into a screen that must not stay, and see that a timer runs."""
    events = FINGERS + ANSWERS + [Waited()]
    for screen in everywhere():
        for event in events:
            after, effects = flow.step(screen, event)
            arrived = type(after) is not type(screen)
            stays = after == flow.rest(after.world, after.language)
            if arrived and not stays:
                assert any(isinstance(e, Wait) for e in effects), (screen, event)
