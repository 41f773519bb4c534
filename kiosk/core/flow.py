"""The kiosk's whole conversation: `step(screen, event) -> (screen, effects)`.

Nobody is ever stuck: from every screen the resting screen is reached without a finger.
A touch that means nothing on a screen is ignored; an answer nobody waits for, too,
since a visitor may have walked on while the printer was still busy.
"""

from dataclasses import replace
from typing import Final

from kiosk.core.effects import (
    CallStaff,
    CheckPin,
    Effect,
    GiveBack,
    KeepOnScreen,
    Light,
    PrintTicket,
    StaffAction,
    TakeNumber,
    Wait,
)
from kiosk.core.events import (
    Event,
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
    Screen,
    StaffCalled,
    StaffMenu,
    Ticket,
)
from kiosk.core.world import Offer, World

# Seconds. WCAG 2.2.1 asks for a warning of at least 20 s and ten extensions.
LANGUAGE_KEPT: Final = 60
IDLE: Final = 60
STILL_THERE: Final = 20
EXTENSIONS: Final = 10
SHOWN_WITH_QR: Final = 20
SHOWN_WITHOUT_QR: Final = 15
SHOWN_IN_DOUBT: Final = 40
SHOWN_ON_SCREEN: Final = 60
PAPER_NOT_SENT: Final = 30
PAPER_HELD: Final = 60
PRINTING_AT_MOST: Final = 30
MESSAGE: Final = 5
REASON: Final = 15
PIN: Final = 30
MENU: Final = 90
SAME_PRESS: Final = 3.0
"""The same button pressed again within this time gives the same ticket."""
SAME_PRESS_CHOOSING: Final = 0.8
"""… and does not choose what the first press has put under the finger."""
PIN_DIGITS: Final = 8

Step = tuple[Screen, tuple[Effect, ...]]


def start(world: World) -> Screen:
    """The first screen, before anything has happened."""
    return rest(world, _own_language(world))


def rest(world: World, language: str) -> Home | Closed | OutOfService:
    """The screen that stands while nobody is there."""
    if world.trouble:
        return OutOfService(world, language, world.trouble)
    if world.office_state != "open":
        return Closed(world, language)
    return Home(world, language)


def same_press(screen: Screen, seconds: float) -> bool:
    """Whether a touch where the last procedure button was is still that same press."""
    match screen:
        case Choose():
            return seconds < SAME_PRESS_CHOOSING
        case Issuing() | Done() | PaperOut():
            return seconds < SAME_PRESS
        case _:
            return False


def step(screen: Screen, event: Event) -> Step:
    """What the visitor sees next, and what has to be done."""
    match event:
        case WorldChanged(world):
            return _in_world(screen, world)
        case StaffButtonPressed():
            return _call_staff(screen, "button")
        case Touched(target="call_staff") if _offers_staff(screen):
            return _call_staff(screen, "visitor")
    match screen:
        case Home() | Closed(procedure=None) | OutOfService():
            return _at_rest(screen, event)
        case Closed():
            return _one_closed(screen, event)
        case Choose():
            return _choosing(screen, event)
        case Issuing():
            return _issuing(screen, event)
        case Done():
            return _done(screen, event)
        case PaperOut():
            return _paper_out(screen, event)
        case Cancelled():
            return _until_touched_or_waited(screen, event)
        case StaffCalled():
            return _staff_called(screen, event)
        case PinEntry():
            return _pin(screen, event)
        case StaffMenu():
            return _menu(screen, event)


# The screens ----------------------------------------------------------------------


def _at_rest(screen: Home | Closed | OutOfService, event: Event) -> Step:
    world = screen.world
    match event:
        case Touched(target="language"):
            following = _next_language(world, screen.language)
            return replace(screen, language=following), (Wait(LANGUAGE_KEPT),)
        case Touched(target="staff"):
            return PinEntry(world, screen.language), (Wait(PIN),)
        case Touched(target=str(target), at=at) if isinstance(screen, Home):
            return _button(screen, target, at)
        case PrintEnded(outcome="printed" | "printed_uncut"):
            # A held ticket came out after its visitor had stepped back.
            return screen, (Light(on=True), Wait(SHOWN_WITH_QR))
        case Waited():
            home, effects = _go_home(world)
            return home, (Light(on=False), *effects)
        case _:
            return screen, ()


def _button(screen: Home, target: str, at: float) -> Step:
    procedure = _procedure(target)
    offer = screen.world.offer(procedure) if procedure else None
    if offer is None:
        return screen, ()
    if offer.state != "open":
        closed = Closed(screen.world, screen.language, offer.procedure)
        return closed, (Wait(REASON),)
    if offer.choices:
        choose = Choose(screen.world, screen.language, offer.procedure)
        return choose, (Wait(IDLE),)
    return _issue(screen, offer, at)


def _issue(screen: Home | Choose, offer: Offer, at: float) -> Step:
    issuing = Issuing(screen.world, screen.language, offer.procedure, at)
    take = TakeNumber(
        offer.procedure, screen.language, offer.waiting, offer.low, offer.high
    )
    return issuing, (take, Wait(PRINTING_AT_MOST))


def _one_closed(screen: Closed, event: Event) -> Step:
    match event:
        case Touched(target="language"):
            following = _next_language(screen.world, screen.language)
            return replace(screen, language=following), (Wait(REASON),)
        case Touched(target="back" | None):
            return _back(screen)
        case Waited():
            return _go_home(screen.world)
        case _:
            return screen, ()


def _choosing(screen: Choose, event: Event) -> Step:
    match event:
        case Touched(target="back"):
            return _back(screen)
        case Touched(target="language"):
            following = _next_language(screen.world, screen.language)
            return replace(screen, language=following, left=None), (Wait(IDLE),)
        case Touched(target="more_time"):
            more = replace(screen, left=None, extensions=screen.extensions + 1)
            return more, (Wait(IDLE),)
        case Touched(target=str(target), at=at) if screen.left is None:
            return _choice(screen, target, at)
        case Waited() if screen.left is None and screen.extensions < EXTENSIONS:
            return replace(screen, left=STILL_THERE), (Wait(1),)
        case Waited() if screen.left is not None and screen.left > 1:
            return replace(screen, left=screen.left - 1), (Wait(1),)
        case Waited():
            return _go_home(screen.world)
        case _:
            return screen, ()


def _choice(screen: Choose, target: str, at: float) -> Step:
    parent = screen.world.offer(screen.procedure)
    for offer in parent.choices if parent else ():
        if target == f"procedure:{offer.procedure}":
            if offer.state != "open":
                closed = Closed(screen.world, screen.language, offer.procedure)
                return closed, (Wait(REASON),)
            return _issue(screen, offer, at)
    return screen, ()


def _issuing(screen: Issuing, event: Event) -> Step:
    match event:
        case Issued(ticket):
            return replace(screen, ticket=ticket), (
                PrintTicket(ticket, screen.language),
                Wait(PRINTING_AT_MOST),
            )
        case IssueRefused(reason):
            refused = OutOfService(screen.world, screen.language, reason)
            return refused, (CallStaff(reason), Wait(REASON))
        case PrintEnded() if (
            screen.ticket
            and event.ticket_id == screen.ticket.ticket_id
            and event.reprint == screen.again
        ):
            return _printed(screen, screen.ticket, event)
        case Waited() if screen.ticket:
            # The printer thread gave no word at all: the number must not be lost.
            return _in_doubt(screen, screen.ticket, "no_answer")
        case Waited():
            home, effects = _go_home(screen.world)
            return home, (CallStaff("storage"), *effects)
        case _:
            return screen, ()


def _printed(
    screen: Issuing | PaperOut | Done, ticket: Ticket, event: PrintEnded
) -> Step:
    common = (screen.world, screen.language, ticket)
    match event.outcome:
        case "printed":
            done = Done(*common, "printed", screen.touched_at, _shown_for(ticket))
            return done, (Light(on=True), Wait(1))
        case "printed_uncut":
            done = Done(*common, "uncut", screen.touched_at, _shown_for(ticket))
            return done, (Light(on=True), CallStaff("cutter_jam"), Wait(1))
        case "unknown":
            return _in_doubt(screen, ticket, event.cause)
        case "held":
            out = PaperOut(*common, event.cause, True, screen.touched_at, PAPER_HELD)
            return out, (CallStaff(event.cause), Wait(1))
        case "not_sent" if event.reprint:
            # The first paper may be in the visitor's hand: nothing is taken back.
            return _in_doubt(screen, ticket, event.cause)
        case "not_sent":
            out = PaperOut(
                *common, event.cause, False, screen.touched_at, PAPER_NOT_SENT
            )
            return out, (CallStaff(event.cause), Wait(1))


def _in_doubt(screen: Issuing | PaperOut | Done, ticket: Ticket, cause: str) -> Step:
    done = Done(
        screen.world,
        screen.language,
        ticket,
        "unknown",
        screen.touched_at,
        SHOWN_IN_DOUBT,
    )
    return done, (Light(on=True), CallStaff(cause), Wait(1))


def _done(screen: Done, event: Event) -> Step:
    match event:
        case Touched(target="cancel"):
            return _cancel(screen, screen.ticket)
        case Touched(target="again", at=at) if screen.paper == "unknown":
            printing = Issuing(
                screen.world,
                screen.language,
                screen.ticket.procedure,
                at,
                screen.ticket,
                again=True,
            )
            again = PrintTicket(screen.ticket, screen.language, reprint=True)
            return printing, (Light(on=False), again, Wait(PRINTING_AT_MOST))
        case Touched(target="language"):
            following = _next_language(screen.world, screen.language)
            return replace(screen, language=following), ()
        case Touched(target=None, at=at) if at - screen.touched_at >= SAME_PRESS:
            return _leave(screen)
        case PrintEnded(ticket_id=ticket_id) if (
            ticket_id == screen.ticket.ticket_id
            and screen.paper == "unknown"
            and event.outcome != "unknown"
        ):
            return _printed(screen, screen.ticket, event)
        case Waited() if screen.left > 1:
            return replace(screen, left=screen.left - 1), (Wait(1),)
        case Waited():
            return _leave(screen)
        case _:
            return screen, ()


def _paper_out(screen: PaperOut, event: Event) -> Step:
    match event:
        case Touched(target="accept"):
            done = Done(
                screen.world,
                screen.language,
                screen.ticket,
                "on_screen",
                screen.touched_at,
                SHOWN_ON_SCREEN,
            )
            return done, (KeepOnScreen(screen.ticket), Wait(1))
        case Touched(target="back"):
            return _cancel(screen, screen.ticket)
        case Touched(target="language"):
            following = _next_language(screen.world, screen.language)
            return replace(screen, language=following), ()
        case PrintEnded(ticket_id=ticket_id) if ticket_id == screen.ticket.ticket_id:
            return _printed(screen, screen.ticket, event)
        case Waited() if screen.left > 1:
            return replace(screen, left=screen.left - 1), (Wait(1),)
        case Waited() if screen.held:
            # It keeps its place and is printed whole as soon as there is paper.
            return _go_home(screen.world)
        case Waited():
            home, effects = _go_home(screen.world)
            return home, (GiveBack(screen.ticket, "not_sent"), *effects)
        case _:
            return screen, ()


def _until_touched_or_waited(screen: Cancelled, event: Event) -> Step:
    match event:
        case Touched() | Waited():
            return _go_home(screen.world)
        case _:
            return screen, ()


def _staff_called(screen: StaffCalled, event: Event) -> Step:
    match event:
        case Touched() | Waited():
            return screen.below, _patience(screen.below)
        case Issued() | IssueRefused() | PrintEnded():
            # The world goes on below the message.
            below, effects = step(screen.below, event)
            return below, effects or _patience(below)
        case _:
            return screen, ()


def _pin(screen: PinEntry, event: Event) -> Step:
    match event:
        case Touched(target="back" | None):
            return _back(screen)
        case Touched(target="clear"):
            cleared = replace(screen, digits="", wrong=False, resting=False)
            return cleared, (Wait(PIN),)
        case Touched(target="enter") if screen.digits:
            return replace(screen, digits=""), (CheckPin(screen.digits), Wait(PIN))
        case Touched(target=str(target)) if target.startswith("digit:"):
            digits = (screen.digits + target.removeprefix("digit:"))[:PIN_DIGITS]
            typed = replace(screen, digits=digits, wrong=False, resting=False)
            return typed, (Wait(PIN),)
        case PinChecked(right=True, last=last):
            return StaffMenu(screen.world, screen.language, last), (Wait(MENU),)
        case PinChecked():
            refused = replace(screen, digits="", wrong=True, resting=event.resting)
            return refused, (Wait(PIN),)
        case Waited():
            return _go_home(screen.world)
        case _:
            return screen, ()


def _menu(screen: StaffMenu, event: Event) -> Step:
    match event:
        case Touched(target="back"):
            return _back(screen)
        case Touched(target=("reprint" | "test_print" | "service") as action) if (
            not screen.busy
        ):
            busy = replace(screen, busy=True, answer="")
            return busy, (StaffAction(action, screen.language), Wait(MENU))
        case StaffAnswered(answer):
            return replace(screen, busy=False, answer=answer), (Wait(MENU),)
        case Waited():
            return _go_home(screen.world)
        case _:
            return screen, ()


# What several screens do ----------------------------------------------------------


def _in_world(screen: Screen, world: World) -> Step:
    """A started transaction may finish, whatever becomes of the world around it."""
    match screen:
        case Home() | Closed(procedure=None):
            return rest(world, screen.language), ()
        case OutOfService() if world.trouble or screen.world.trouble:
            return rest(world, screen.language), ()
        case StaffCalled(below=below):
            below, _ = _in_world(below, world)
            return replace(screen, world=world, below=below), ()
        case Choose() if world.offer(screen.procedure) is None:
            return _go_home(world)
        case _:
            return replace(screen, world=world), ()


def _offers_staff(screen: Screen) -> bool:
    return not isinstance(screen, Issuing | PinEntry | StaffMenu | StaffCalled)


def _call_staff(screen: Screen, reason: str) -> Step:
    if isinstance(screen, StaffCalled):
        return screen, (CallStaff(reason), Wait(MESSAGE))
    if isinstance(screen, Issuing | PinEntry | StaffMenu):
        # Their own timer and answers must not be disturbed.
        return screen, (CallStaff(reason),)
    called = StaffCalled(screen.world, screen.language, screen)
    return called, (CallStaff(reason), Wait(MESSAGE))


def _cancel(screen: Done | PaperOut, ticket: Ticket) -> Step:
    cancelled = Cancelled(screen.world, screen.language, ticket.label)
    effects = (GiveBack(ticket, "visitor"), Light(on=False), Wait(MESSAGE))
    return cancelled, effects


def _leave(screen: Done) -> Step:
    home, effects = _go_home(screen.world)
    return home, (Light(on=False), *effects)


def _go_home(world: World) -> Step:
    return rest(world, _own_language(world)), ()


def _back(screen: Closed | Choose | PinEntry | StaffMenu) -> Step:
    return rest(screen.world, screen.language), (Wait(LANGUAGE_KEPT),)


def _patience(screen: Screen) -> tuple[Effect, ...]:
    """The timer of a screen that comes back from below a message."""
    match screen:
        case Done() | PaperOut():
            return (Wait(1),)
        case Choose(left=None):
            return (Wait(IDLE),)
        case Choose():
            return (Wait(1),)
        case Closed(procedure=str()):
            return (Wait(REASON),)
        case Issuing():
            return (Wait(PRINTING_AT_MOST),)
        case OutOfService():
            return (Wait(REASON),)
        case _:
            return (Wait(LANGUAGE_KEPT),)


def _shown_for(ticket: Ticket) -> int:
    return SHOWN_WITH_QR if ticket.url else SHOWN_WITHOUT_QR


def _procedure(target: str) -> str | None:
    kind, _, id = target.partition(":")
    return id if kind == "procedure" else None


def _own_language(world: World) -> str:
    return world.languages[0]


def _next_language(world: World, language: str) -> str:
    languages = world.languages
    if language not in languages:
        return languages[0]
    return languages[(languages.index(language) + 1) % len(languages)]
