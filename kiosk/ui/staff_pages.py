"""What staff see: help is called, the PIN, the menu behind it."""

from typing import Final

from kiosk.core.screens import PinEntry, StaffCalled, StaffMenu
from kiosk.ui import frame
from kiosk.ui.boxes import Layout
from kiosk.ui.measures import GAP_MM, Area
from kiosk.ui.page import Page
from kiosk.ui.palette import (
    EMBER,
    GREY,
    INK,
    LEAF,
    LEAF_PALE,
    LINE,
    MIST,
    NIGHT,
    SCRIM,
    SKY,
    WHITE,
)

ANSWERS: Final = (
    "printed",
    "printed_uncut",
    "held",
    "unknown",
    "not_sent",
    "nothing",
    "out",
    "back",
)
"""The outcomes of a staff action that the menu has words for (`StaffAnswered`)."""
KEYS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "enter")


def staff_called(page: Page, screen: StaffCalled, below: Layout) -> None:
    """「係員を呼びました」 over the screen that was there."""
    page.over(below.boxes)
    page.plate(page.whole, SCRIM)
    u = page.unit
    at = frame.frame_of(page)
    room = Area(0, 0, page.whole.w, at.bar.y)
    box = room.centred(min(at.body.w, 160 * u), 84 * u)
    frame.card(page, box)
    inner = box.inset(8 * u, 6 * u)
    side = 30 * u
    ground = inner.top(side).centred(side, side)
    page.plate(ground, LEAF_PALE, radius=side / 2)
    page.picture(ground.inset(side * 0.2), "check", LEAF, WHITE)
    page.text(
        inner.below(side + 3 * u).top(14 * u),
        page.say("staff_called.title"),
        page.style(11.0, bold=True),
        colour=LEAF,
        ground=WHITE,
        align="centre",
    )
    page.text(
        inner.below(side + 18 * u),
        page.say("staff_called.body"),
        page.style(7.2),
        lines=2,
        colour=INK,
        ground=WHITE,
        align="centre",
    )
    _only_back(page)


def pin(page: Page, screen: PinEntry) -> None:
    """A ten-key pad."""
    frame.header(page, page.say("pin.title"), icon="lock")
    at = _only_back(page)
    u = page.unit
    if page.panel.upright:
        note = at.body.top(80)
        pad = Area(at.body.x + 30, at.body.y + 92, at.body.w - 60, at.body.h - 100)
    else:
        note = at.body.left(88)
        pad = at.body.after(96)
    dots = Area(note.x, note.y + note.h / 2 - 16 * u, note.w, 16 * u)
    page.plate(dots, WHITE, radius=2.4 * u, border=LINE, border_mm=0.4 * u)
    page.text(
        dots,
        " ".join("●" * len(screen.digits)),
        page.style(8.0, bold=True),
        colour=NIGHT,
        ground=WHITE,
        align="centre",
    )
    below = Area(note.x, dots.bottom + 3 * u, note.w, 20 * u)
    text = page.say("pin.enter")
    if screen.wrong:
        text = page.say("pin.resting" if screen.resting else "pin.wrong")
    page.text(
        below,
        text,
        page.style(6.8, bold=screen.wrong),
        lines=2,
        colour=EMBER if screen.wrong else GREY,
        align="centre",
        stand="top",
    )
    cells = pad.grid(3, 4, GAP_MM * (1.5 if page.panel.upright else 1.05))
    for key, cell in zip(KEYS, cells, strict=True):
        _key(page, cell, key)


def _key(page: Page, cell: Area, key: str) -> None:
    if key.isdigit():
        page.press(cell, f"digit:{key}", key, frame.PLAIN)
        page.text(
            cell,
            key,
            page.style(12.0, bold=True),
            colour=INK,
            ground=WHITE,
            align="centre",
        )
        return
    look = frame.PRIMARY if key == "enter" else frame.PLAIN
    label = page.say(f"target.{key}")
    page.press(cell, key, label, look)
    page.text(
        cell,
        label,
        page.style(7.4, bold=True),
        colour=look.ink,
        ground=look.fill,
        align="centre",
    )


def menu(page: Page, screen: StaffMenu) -> None:
    """Reprint, test print, out of service and back."""
    frame.header(page, page.say("menu.title"), icon="wrench")
    at = _only_back(page)
    u = page.unit
    answer_h = 21.0 * u
    rows = at.body.above(answer_h + GAP_MM)
    if page.panel.upright:
        rows = rows.top(66 * 3 + 10)
    last = screen.last or page.say("menu.no_last")
    stopped = screen.world.trouble == "staff"
    service = "menu.service_on" if stopped else "menu.service_off"
    actions = (
        ("reprint", "ticket", page.say("menu.reprint", label=last)),
        ("test_print", "paper", page.say("menu.test_print")),
        ("service", "wrench", page.say(service)),
    )
    gap = GAP_MM * (1.6 if page.panel.upright else 1.02)
    for (id, icon, label), cell in zip(actions, rows.grid(1, 3, gap), strict=True):
        page.press(cell, id, label, frame.INVITING)
        inner = cell.inset(6 * u, 1.0)
        side = min(inner.h * 0.8, 16 * u)
        page.picture(inner.left(side), icon, NIGHT, SKY)
        page.text(
            inner.after(side + 6 * u),
            label,
            page.style(8.4, bold=True),
            lines=2,
            colour=NIGHT,
            ground=WHITE,
        )
    if screen.busy or screen.answer:
        key = "menu.busy" if screen.busy else f"menu.answer.{screen.answer}"
        page.text(
            Area(rows.x, rows.bottom + GAP_MM, rows.w, answer_h),
            page.say(key),
            page.style(7.4, bold=True),
            lines=2,
            colour=NIGHT,
            ground=MIST,
            align="centre",
        )


def _only_back(page: Page) -> frame.Frame:
    """The bar with nothing in it but the way back."""
    at = frame.frame_of(page)
    page.plate(at.bar, WHITE)
    frame.bar_button(page, at.back, "back", page.say("target.back"), "back")
    return at
