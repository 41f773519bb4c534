"""What stands at the same place on every screen: the title above, the bar below.

The bar has four places: 1 `back`, 2 what this screen wants done, 3 `language`, 4
`call_staff`. It lies below everything that home and choose offer, so the second tap of
a double tap on a procedure never reaches what stands in it on the next screen.
"""

from dataclasses import dataclass
from datetime import datetime

from kiosk.ui.boxes import Align
from kiosk.ui.measures import APART_MM, GAP_MM, STAFF_CORNER_MM, Area
from kiosk.ui.page import LIP, Look, Page
from kiosk.ui.palette import (
    BLUE,
    GREY,
    HAIRLINE,
    INK,
    LINE,
    NIGHT,
    PALE,
    SKY,
    SKY_DEEP,
    WHITE,
)
from language.wording import clock_text, pick
from language.words import own_name

PLAIN = Look(WHITE, PALE, LINE, INK, LINE)
INVITING = Look(WHITE, SKY_DEEP, BLUE, NIGHT, BLUE)
PRIMARY = Look(BLUE, NIGHT, NIGHT, WHITE, NIGHT)


@dataclass(frozen=True, slots=True)
class Frame:
    """The fixed areas of a panel, in mm."""

    header: Area
    body: Area
    bar: Area
    back: Area
    second: Area
    language: Area
    staff: Area

    @property
    def free(self) -> Area:
        """The first two places, on screens that need neither."""
        return Area(
            self.back.x, self.back.y, self.second.right - self.back.x, self.back.h
        )


def frame_of(page: Page) -> Frame:
    """Where everything stands on this panel."""
    whole, upright = page.whole, page.panel.upright
    margin = 9.0 if upright else 3.5
    header = whole.top(46.0 if upright else 13.0)
    foot, high = (8.0, 30.0) if upright else (1.3, 20.1)
    row = Area(margin, whole.h - foot - high, whole.w - 2 * margin, high)
    start, other, end = (58.0, 48.0, 53.0) if upright else (42.0, 42.0, 42.0)
    gap = GAP_MM + (1.0 if upright else 0.2)
    staff = Area(row.right - end, row.y, end, high)
    language = Area(staff.x - gap - other, row.y, other, high)
    second_x = row.x + start + APART_MM
    second = Area(second_x, row.y, language.x - APART_MM - second_x, high)
    top = 55.0 if upright else STAFF_CORNER_MM
    bottom = row.y - (9.0 if upright else GAP_MM + 0.1)
    body = Area(margin, top, row.w, bottom - top)
    bar_top = row.y - (5.0 if upright else 1.5)
    bar = Area(0, bar_top, whole.w, whole.h - bar_top)
    return Frame(header, body, bar, row.left(start), second, language, staff)


def header(
    page: Page, title: str, *, aside: str = "", icon: str = "", end: str = ""
) -> None:
    """The blue band with the title, a smaller text `aside` and a sign at the `end`.

    The smaller text stands on the right, on an upright panel above the title.
    """
    frame = frame_of(page)
    page.plate(frame.header, NIGHT)
    room = frame.header.inset(frame.body.x + page.unit, 1.5)
    if icon:
        side = min(room.h, 15.0 * page.unit) * 0.8
        page.picture(room.left(side), icon, WHITE, NIGHT)
        room = room.after(side + 3 * page.unit)
    if end:
        side = min(room.h, 15.0 * page.unit) * 0.8
        page.picture(room.after(room.w - side), end, WHITE, NIGHT)
        room = room.left(room.w - side - 3 * page.unit)
    if aside and page.panel.upright:
        room = room.inset(0, 2.5)
        above = room.top(12.0)
        page.text(above, aside, page.style(6.4), colour=SKY, ground=NIGHT)
        room = room.below(15.0)
    elif aside:
        wide = page.style(6.4)
        setting = page.set(aside, wide, room.w * 0.4, room.h)
        page.put(setting, room, colour=SKY, ground=NIGHT, align="right")
        room = room.left(room.w - page.width(setting) - 4 * page.unit)
    style = page.style(11.0 if page.panel.upright else 9.2, bold=True, leading=1.2)
    setting = page.set(title, style, room.w, room.h)
    if not setting.fits or setting.size_px < 0.79 * page.panel.em_px(style.em):
        setting = page.set(title, style, room.w, room.h, lines=2)
    page.put(setting, room, colour=WHITE, ground=NIGHT)


def office_name(page: Page) -> str:
    """Empty before there is a catalogue."""
    catalogue = page.scene.catalogue
    if catalogue is None:
        return ""
    return pick(catalogue.name, page.scene.words.language)


def staff_corner(page: Page) -> None:
    """The hidden corner, top left; a PIN stands behind it."""
    side = STAFF_CORNER_MM * (1.4 if page.panel.upright else 1.0)
    page.target(Area(0, 0, side, side), "staff", page.say("target.staff"))


def bar(page: Page, *, back: bool = False, language: bool = True) -> Frame:
    """The ground of the bar; `back`, `language`, `call_staff` at their places."""
    frame = frame_of(page)
    page.plate(frame.bar, WHITE)
    page.plate(frame.bar.top(0.35), HAIRLINE)
    if back:
        bar_button(page, frame.back, "back", page.say("target.back"), "back")
    languages = page.scene.screen.world.languages
    if language and len(languages) > 1:
        other = _next(languages, page.scene.words.language)
        bar_button(page, frame.language, "language", own_name(other), "language")
    bar_button(
        page,
        frame.staff,
        "call_staff",
        page.say("target.call_staff"),
        "staff",
        INVITING,
    )
    return frame


def bar_button(
    page: Page, area: Area, id: str, label: str, icon: str, look: Look = PLAIN
) -> None:
    """A pictogram above one line, or beside two where the button is wide."""
    page.press(area, id, label.replace("\n", ""), look)
    inner = area.above(LIP * page.unit).inset(2.0 * page.unit, 1.2)
    tint = SKY if look is not PRIMARY else NIGHT
    side = inner.h * 0.5
    style = page.style(6.4, bold=True, leading=1.15)
    if area.w > 2.6 * area.h or "\n" in label:
        side = min(inner.h * 0.5, 13 * page.unit)
        beside = side + 2.2 * page.unit
        setting = page.set(label, style, inner.w - beside, inner.h, lines=2)
        block = inner.centred(beside + page.width(setting), inner.h)
        page.picture(block.left(side), icon, look.ink, tint)
        page.put(
            setting,
            block.after(beside),
            colour=look.ink,
            ground=look.fill,
        )
        return
    page.picture(inner.top(side), icon, look.ink, tint)
    page.text(
        inner.below(side + 0.6),
        label,
        style,
        colour=look.ink,
        ground=look.fill,
        align="centre",
    )


def clock(page: Page, area: Area, align: Align = "left") -> None:
    """The time and the day; nothing while the time is not to be trusted."""
    now = page.scene.now
    if now is None:
        return
    words = page.scene.words
    time = page.style(11.0 if not page.panel.upright else 9.5, bold=True)
    setting = page.set(clock_text(words, now), time, area.w * 0.5, area.h * 0.62)
    page.put(setting, area, colour=NIGHT, ground=WHITE, align=align)
    day = area.after(page.width(setting) + 4 * page.unit)
    page.text(day, day_text(page, now), page.style(6.4), colour=GREY, ground=WHITE)


def day_text(page: Page, now: datetime) -> str:
    """Day, month and weekday, without the year."""
    words = page.scene.words
    return page.say(
        "clock.day",
        month=words.text(f"common.month.{now.month}"),
        day=now.day,
        weekday=words.text(f"common.weekday.{now.weekday()}"),
    )


def notice(page: Page, area: Area, text: str) -> None:
    """A calm line with a sign, where otherwise the clock stands."""
    side = 9.0 * page.unit
    page.picture(area.left(side), "notice", NIGHT, SKY)
    room = area.after(side + 2.5 * page.unit)
    style = page.style(6.4, leading=1.25)
    page.text(room, text, style, lines=2, colour=INK, ground=WHITE)


def card(page: Page, area: Area) -> None:
    """A white ground for what belongs together."""
    page.plate(
        area, WHITE, radius=2.4 * page.unit, border=HAIRLINE, border_mm=0.3 * page.unit
    )


def _next(languages: tuple[str, ...], language: str) -> str:
    if language not in languages:
        return languages[0]
    return languages[(languages.index(language) + 1) % len(languages)]
