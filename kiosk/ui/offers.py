"""The buttons of the procedures: what, for example, and how long the wait is."""

from typing import Final

from kiosk.core.world import Offer
from kiosk.ui.measures import GAP_MM, Area
from kiosk.ui.page import CORNER, EDGE, LIP, Look, Page
from kiosk.ui.palette import (
    AMBER,
    BLUE,
    CREAM,
    CREAM_DEEP,
    EMBER,
    GREY,
    INK,
    LINE,
    MIST,
    NIGHT,
    PALE,
    SKY,
    SKY_DEEP,
    WHITE,
    Colour,
)
from kiosk.ui.typeset import Setting
from language.wording import pick, wait_line
from protocol.catalogue import Procedure

ORDINARY: Final = Look(WHITE, SKY_DEEP, BLUE, NIGHT, BLUE)
FAST: Final = Look(CREAM, CREAM_DEEP, AMBER, EMBER, AMBER)
RESTING: Final = Look(PALE, PALE, LINE, GREY, LINE)
MOST: Final = 8
"""More buttons than this a screen does not take; six are better."""


def offers_grid(page: Page, area: Area, offers: tuple[Offer, ...]) -> None:
    """All buttons, equal in size whatever they say; at most `MOST`."""
    shown = offers[:MOST]
    if not shown:
        return
    gap = GAP_MM * (1.6 if page.panel.upright else 1.0)
    columns = _columns(page, len(shown))
    rows = -(-len(shown) // columns)
    tallest = 92.0 if page.panel.upright else 46.0
    height = min(area.h, tallest * rows + gap * (rows - 1))
    cells = area.top(height).grid(columns, rows, gap)
    for offer, cell in zip(shown, cells, strict=False):
        offer_button(page, cell, offer)


def _columns(page: Page, count: int) -> int:
    if page.panel.upright or count <= 3:
        return 1
    return 2 if count <= 6 else 3


def offer_button(page: Page, area: Area, offer: Offer) -> None:
    """One procedure; resting ones stay where they are and say why when touched."""
    procedure = page.scene.procedure(offer.procedure)
    if procedure is None:
        return
    look = _look(offer, procedure)
    language = page.scene.words.language
    name = pick(procedure.name, language)
    page.press(area, f"procedure:{offer.procedure}", name, look)
    inner = Area(area.x, area.y, area.w, area.h - LIP * page.unit)
    status = status_of(page, offer)
    if status:
        inner = inner.above(_strip(page, inner, status, look))
    side = min(inner.h, area.w * 0.2)
    _emblem(page, inner.left(side), procedure, look)
    room = inner.after(side + 1.2 * page.unit).inset(0, 0.8 * page.unit)
    room = room.left(room.w - 2.5 * page.unit)
    _texts(page, room, name, pick(procedure.example, language), look)


def status_of(page: Page, offer: Offer) -> str:
    """The wait, or why nothing is issued now; empty where nothing is known."""
    match offer.state:
        case "open":
            if offer.waiting is None and offer.low is None:
                return ""
            words = page.scene.words
            return wait_line(words, offer.waiting, offer.low, offer.high)
        case "before":
            return page.say("offer.before", opens=clock_of(offer.opens))
        case "after":
            return page.say("offer.after")
        case "closed_today":
            return page.say("offer.closed_today")
        case "suspended":
            return page.say("offer.suspended")


def clock_of(time: str) -> str:
    """`09:00` as people read it: `9:00`."""
    return time.removeprefix("0") if time[:1] == "0" and len(time) > 4 else time


def _look(offer: Offer, procedure: Procedure) -> Look:
    if offer.state != "open":
        return RESTING
    return FAST if procedure.preapplied else ORDINARY


def _emblem(page: Page, area: Area, procedure: Procedure, look: Look) -> None:
    """The pictogram on its own ground; that of the fast lane is reversed."""
    side = min(area.w, area.h) - 3.4 * page.unit
    ground = area.centred(side, side)
    fill, ink, tint = _emblem_colours(look)
    page.plate(ground, fill, radius=2.4 * page.unit)
    page.picture(ground.inset(side * 0.13), procedure.pictogram, ink, tint)


def _emblem_colours(look: Look) -> tuple[Colour, Colour, Colour]:
    if look is FAST:
        return EMBER, WHITE, AMBER
    return (SKY, NIGHT, WHITE) if look is ORDINARY else (MIST, GREY, WHITE)


def _strip(page: Page, area: Area, status: str, look: Look) -> float:
    """The status on a strip along the button's foot; answers its height."""
    u = page.unit
    style = page.style(7.2 if page.panel.upright else 6.8, bold=True, leading=1.15)
    room = area.inset(3.4 * u, 0)
    setting = page.set(status, style, room.w, area.h * 0.3)
    if not setting.fits:
        setting = page.set(status, style, room.w, area.h * 0.55, lines=2)
    high = page.height(setting) + 2.4 * u
    edge = EDGE * u
    strip = area.foot(high)
    fill, ink = _strip_colours(look)
    inside = Area(strip.x + edge, strip.y, strip.w - 2 * edge, strip.h - edge)
    page.plate(inside, fill, radius=(CORNER - EDGE) * u)
    page.plate(inside.top(high / 2), fill)
    text = Area(room.x, inside.y, room.w, inside.h)
    page.put(setting, text, colour=ink, ground=fill)
    return high


def _strip_colours(look: Look) -> tuple[Colour, Colour]:
    if look is FAST:
        return CREAM_DEEP, EMBER
    return (SKY, NIGHT) if look is ORDINARY else (MIST, GREY)


def _texts(page: Page, room: Area, name: str, example: str, look: Look) -> None:
    """Name and example as one block in the middle of `room`.

    What does not fit is tried smaller; then the example gives way, never the name.
    """
    gap = 1.4 * page.unit
    title, note = _title(page, room.w, room.h, name, example, gap)
    high = page.height(title) + (page.height(note) + gap if note else 0)
    block = room.centred(room.w, high)
    page.put(
        title,
        block.top(page.height(title)),
        colour=look.ink,
        ground=look.fill,
    )
    if note:
        ink = GREY if look is RESTING else INK
        page.put(note, block.foot(page.height(note)), colour=ink, ground=look.fill)


def _title(
    page: Page, width: float, height: float, name: str, example: str, gap: float
) -> tuple[Setting, Setting | None]:
    large = page.style(11.8 if page.panel.upright else 8.6, bold=True, leading=1.15)
    small = page.style(6.6, leading=1.2)
    if example:
        for note_lines, name_lines in ((1, 1), (2, 1), (1, 2), (2, 2)):
            note = page.set(example, small, width, height, note_lines)
            left = height - page.height(note) - gap
            title = page.set(name, large, width, left, name_lines)
            if note.fits and title.fits:
                return title, note
    return page.set(name, large, width, height, lines=2), None
