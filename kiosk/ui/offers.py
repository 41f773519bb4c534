"""The buttons of the procedures: what, for example, and how long the wait is."""

from dataclasses import dataclass
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
from kiosk.ui.typeset import Setting, Style
from language.wording import pick, wait_line
from protocol.catalogue import Procedure

ORDINARY: Final = Look(WHITE, SKY_DEEP, BLUE, NIGHT, BLUE)
FAST: Final = Look(CREAM, CREAM_DEEP, AMBER, EMBER, AMBER)
RESTING: Final = Look(PALE, PALE, LINE, GREY, LINE)
NAME_GAP: Final = 1.4
STRIP_PAD: Final = 3.4
"""Millimetres on the smallest panel."""
READABLE: Final = 0.75
"""An example smaller than this part of its wanted size is rather set in two lines."""
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
    buttons = [
        button
        for offer, cell in zip(shown, cells, strict=False)
        if (button := _button(page, cell, offer))
    ]
    # Names of one size, or the longest would look the least important.
    name = min((b.title.size_px for b in buttons), default=0)
    note = min((b.note.size_px for b in buttons if b.note), default=0)
    for button in buttons:
        _draw(page, button, name, note)


def _columns(page: Page, count: int) -> int:
    if page.panel.upright or count <= 3:
        return 1
    return 2 if count <= 6 else 3


@dataclass(frozen=True, slots=True)
class _Button:
    """One button with its texts set, before the common sizes are known."""

    offer: Offer
    procedure: Procedure
    look: Look
    area: Area
    status: str
    strip: Setting | None
    title: Setting
    note: Setting | None


def _button(page: Page, area: Area, offer: Offer) -> _Button | None:
    """None if the catalogue does not know the procedure any more."""
    procedure = page.scene.procedure(offer.procedure)
    if procedure is None:
        return None
    language = page.scene.words.language
    status = status_of(page, offer)
    strip = _strip_setting(page, area, status) if status else None
    room = _text_room(page, area, strip)
    example = pick(procedure.example, language)
    title, note = _title(page, room, pick(procedure.name, language), example)
    look = _look(offer, procedure)
    return _Button(offer, procedure, look, area, status, strip, title, note)


def _draw(page: Page, button: _Button, name_px: int, note_px: int) -> None:
    """Resting buttons stay where they are and say why when touched."""
    area, look, procedure = button.area, button.look, button.procedure
    language = page.scene.words.language
    name = pick(procedure.name, language)
    page.press(area, f"procedure:{button.offer.procedure}", name, look)
    inner = _above_strip(page, area, button.strip)
    if button.strip:
        _strip(page, area, button.strip, look)
    _emblem(page, inner.left(_emblem_side(area, inner)), procedure, look)
    room = _text_room(page, area, button.strip)
    mm = page.panel.px_per_mm
    style = Style(name_px / mm, True, button.title.leading_px / button.title.size_px)
    title = page.set(name, style, room.w, room.h, len(button.title.lines))
    note = button.note
    if note:
        small = Style(note_px / mm, False, note.leading_px / note.size_px)
        example = pick(procedure.example, language)
        note = page.set(example, small, room.w, room.h, len(note.lines))
    gap = NAME_GAP * page.unit
    high = page.height(title) + (page.height(note) + gap if note else 0)
    block = room.centred(room.w, high)
    page.put(title, block.top(page.height(title)), colour=look.ink, ground=look.fill)
    if note:
        ink = GREY if look is RESTING else INK
        foot = block.foot(page.height(note))
        page.put(note, foot, colour=ink, ground=look.fill)


def _strip_high(page: Page, strip: Setting | None) -> float:
    return page.height(strip) + 2.4 * page.unit if strip else 0.0


def _above_strip(page: Page, area: Area, strip: Setting | None) -> Area:
    visible = Area(area.x, area.y, area.w, area.h - LIP * page.unit)
    return visible.above(_strip_high(page, strip))


def _emblem_side(area: Area, inner: Area) -> float:
    return min(inner.h, area.w * 0.2)


def _text_room(page: Page, area: Area, strip: Setting | None) -> Area:
    inner = _above_strip(page, area, strip)
    side = _emblem_side(area, inner)
    room = inner.after(side + 1.2 * page.unit).inset(0, 0.8 * page.unit)
    return room.left(room.w - 2.5 * page.unit)


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


def _strip_setting(page: Page, area: Area, status: str) -> Setting:
    """The status in one line, in two where one is too short."""
    style = page.style(7.2 if page.panel.upright else 6.8, bold=True, leading=1.15)
    width = area.w - 2 * STRIP_PAD * page.unit
    setting = page.set(status, style, width, area.h * 0.3)
    if setting.fits:
        return setting
    return page.set(status, style, width, area.h * 0.55, lines=2)


def _strip(page: Page, area: Area, setting: Setting, look: Look) -> None:
    """The status on a strip along the button's foot."""
    u = page.unit
    edge, high = EDGE * u, _strip_high(page, setting)
    visible = Area(area.x, area.y, area.w, area.h - LIP * u)
    foot = visible.foot(high)
    inside = Area(foot.x + edge, foot.y, foot.w - 2 * edge, foot.h - edge)
    fill, ink = _strip_colours(look)
    page.plate(inside, fill, radius=(CORNER - EDGE) * u)
    page.plate(inside.top(high / 2), fill)
    text = inside.inset(STRIP_PAD * u - edge, 0)
    page.put(setting, text, colour=ink, ground=fill)


def _strip_colours(look: Look) -> tuple[Colour, Colour]:
    if look is FAST:
        return CREAM_DEEP, EMBER
    return (SKY, NIGHT) if look is ORDINARY else (MIST, GREY)


def _title(
    page: Page, room: Area, name: str, example: str
) -> tuple[Setting, Setting | None]:
    """Name and example: smaller if need be, then in two lines, then no example."""
    large = page.style(11.8 if page.panel.upright else 8.6, bold=True, leading=1.15)
    small = page.style(6.6, leading=1.2)
    gap = NAME_GAP * page.unit
    if example:
        least = READABLE * page.panel.em_px(small.em)
        for note_lines, name_lines in ((1, 1), (2, 1), (1, 2), (2, 2)):
            note = page.set(example, small, room.w, room.h, note_lines)
            left = room.h - page.height(note) - gap
            title = page.set(name, large, room.w, left, name_lines)
            if note.fits and title.fits and note.size_px >= least:
                return title, note
    return page.set(name, large, room.w, room.h, lines=2), None
