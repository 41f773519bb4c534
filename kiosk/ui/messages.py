"""One thing to say: a sign, a headline, a few sentences."""

from dataclasses import dataclass
from typing import Final

from kiosk.core.screens import Closed, OutOfService
from kiosk.core.world import Offer, World
from kiosk.ui import frame
from kiosk.ui.boxes import Align
from kiosk.ui.measures import Area
from kiosk.ui.offers import clock_of
from kiosk.ui.page import Page
from kiosk.ui.palette import (
    CREAM,
    EMBER,
    GREY,
    INK,
    MIST,
    NIGHT,
    SKY,
    WHITE,
)
from kiosk.ui.typeset import Setting
from language.wording import pick

SIGN_MM: Final = 70.0
SCALES: Final = (1.0, 0.92, 0.84, 0.76, 0.68)


@dataclass(frozen=True, slots=True)
class Message:
    """`over`: small above the title; `label`: a number shown in a frame.

    `warm`: something needs hands.
    """

    sign: str
    title: str
    sentences: tuple[str, ...]
    over: str = ""
    label: str = ""
    foot: str = ""
    warm: bool = False


def message(page: Page, what: Message) -> None:
    """The message in the middle of the screen, a sign above or beside it."""
    at = frame.frame_of(page)
    whole = Area(at.body.x, 0, at.body.w, at.bar.y).inset(0, at.body.x)
    frame.card(page, whole)
    inner = whole.inset(8 * page.unit, 6 * page.unit)
    block = _fitting(page, inner, what)
    if page.panel.upright:
        # A little above the middle, where the eye expects it.
        drop = 0.4 * (inner.h - SIGN_MM * page.unit - block.height - block.foot)
        _sign(page, inner.below(drop).top((SIGN_MM - 10) * page.unit), what)
        _sentences(page, inner.below(drop + SIGN_MM * page.unit), what, block)
    else:
        _sign(page, inner.left(SIGN_MM - 18), what)
        _sentences(page, inner.after(SIGN_MM - 10), what, block)


def _sign(page: Page, area: Area, what: Message) -> None:
    side = min(area.w, area.h, 60 * page.unit)
    ground = area.centred(side, side)
    page.plate(ground, CREAM if what.warm else SKY, radius=side / 2)
    ink, tint = (EMBER, WHITE) if what.warm else (NIGHT, WHITE)
    page.picture(ground.inset(side * 0.2), what.sign, ink, tint)


@dataclass(frozen=True, slots=True)
class _Block:
    """All texts, set: those above, the headline, those below; heights in mm."""

    texts: tuple[Setting, ...]
    title: int
    label: float
    gap: float
    height: float
    foot: float
    fits: bool


def _fitting(page: Page, inner: Area, what: Message) -> _Block:
    """The texts in the largest scale in which all of them find room."""
    foot = 10 * page.unit if what.foot else 0.0
    sign = SIGN_MM * page.unit if page.panel.upright else 0.0
    width = inner.w if page.panel.upright else inner.w - SIGN_MM + 10
    for scale in SCALES:
        block = _block(page, width, what, scale, foot)
        if block.fits and block.height + foot + sign <= inner.h:
            break
    return block


def _block(
    page: Page, width: float, what: Message, scale: float, foot: float
) -> _Block:
    scale = scale * 1.2 if page.panel.upright else scale
    u = page.unit * scale
    headline = page.style(10.5 * scale, bold=True, leading=1.25)
    body = page.style(7.2 * scale, leading=1.4)
    over = [page.set(what.over, body, width, 50 * u, lines=2)] if what.over else []
    texts = (
        *over,
        page.set(what.title, headline, width, 40 * u, lines=2),
        *(
            page.set(said, body, width, 50 * u, lines=4)
            for said in what.sentences
            if said
        ),
    )
    gap, label = 4.4 * u, 20.0 * u if what.label else 0.0
    height = sum(page.height(text) for text in texts) + gap * (len(texts) - 1)
    height += label + gap if label else 0.0
    fits = all(text.fits for text in texts)
    return _Block(texts, len(over), label, gap, height, foot, fits)


def _sentences(page: Page, area: Area, what: Message, block: _Block) -> None:
    upright = page.panel.upright
    align: Align = "centre" if upright else "left"
    room = area.above(block.foot)
    place = room.top(block.height) if upright else room.centred(room.w, block.height)
    for index, text in enumerate(block.texts):
        high = page.height(text)
        colour = GREY if index < block.title else INK
        if index == block.title:
            colour = EMBER if what.warm else NIGHT
        page.put(text, place.top(high), colour=colour, ground=WHITE, align=align)
        place = place.below(high + block.gap)
        if index == block.title and what.label:
            _label(page, place.top(block.label), what.label, centre=upright)
            place = place.below(block.label + block.gap)
    if what.foot:
        style, line = page.style(6.4), area.foot(block.foot)
        page.text(line, what.foot, style, colour=GREY, ground=WHITE, align=align)


def _label(page: Page, area: Area, label: str, *, centre: bool) -> None:
    setting = page.set(
        label, page.style(area.h * 0.78 / page.unit, bold=True), area.w, area.h
    )
    wide = page.width(setting) + 14 * page.unit
    plate = area.centred(wide, area.h) if centre else area.left(wide)
    page.plate(plate, MIST, radius=2.4 * page.unit)
    page.put(setting, plate, colour=NIGHT, ground=MIST, align="centre")


def closed(page: Page, screen: Closed) -> None:
    """Before opening, after closing, not today; the office or one procedure."""
    if screen.procedure is None:
        message(page, _office_closed(page, screen.world))
        frame.bar(page)
        frame.staff_corner(page)
        return
    offer = screen.world.offer(screen.procedure) or Offer(screen.procedure, "suspended")
    message(page, _procedure_closed(page, offer))
    frame.bar(page, back=True)


def _office_closed(page: Page, world: World) -> Message:
    name = frame.office_name(page)
    match world.office_state:
        case "before":
            hours = _hours(page, world.opens, world.closes)
            opens = clock_of(world.opens)
            title = page.say("closed.before", opens=opens)
            return Message("clock", title, (hours,), name)
        case "after" | "open":
            said = (page.say("closed.after_body"),)
            return Message("clock", page.say("closed.after"), said, name)
        case "closed_today":
            said = (page.say("closed.today_body"),)
            return Message("clock", page.say("closed.today_office"), said, name)


def _procedure_closed(page: Page, offer: Offer) -> Message:
    procedure = page.scene.procedure(offer.procedure)
    language = page.scene.words.language
    name = pick(procedure.name, language) if procedure else ""
    hours = _hours(page, offer.opens, offer.closes)
    match offer.state:
        case "before":
            title = page.say("closed.before", opens=clock_of(offer.opens))
            return Message("clock", title, (hours,), name)
        case "after":
            both = (hours, page.say("closed.today_body"))
            return Message("clock", page.say("closed.after"), both, name)
        case "closed_today":
            said = (page.say("closed.today_body"),)
            return Message("clock", page.say("closed.today_procedure"), said, name)
        case "suspended" | "open":
            suspended = procedure.suspended if procedure else None
            why = pick(suspended or {}, language) or page.say("closed.suspended_body")
            return Message("clock", page.say("closed.suspended"), (why,), name)


def _hours(page: Page, opens: str, closes: str) -> str:
    """Empty where the hours are not known."""
    if not (opens and closes):
        return ""
    return page.say("closed.hours", opens=clock_of(opens), closes=clock_of(closes))


def out_of_service(page: Page, screen: OutOfService) -> None:
    """No number can be issued here; the kiosk recovers by itself."""
    reason = screen.reason or "storage"
    message(
        page,
        Message(
            "wrench",
            page.say("out_of_service.title"),
            (page.say(f"out_of_service.{reason}"), page.say("out_of_service.help")),
            warm=True,
        ),
    )
    frame.bar(page)
    frame.staff_corner(page)
