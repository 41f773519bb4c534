"""From the touch to the paper: issuing, done, no paper, cancelled."""

from typing import Final

from kiosk.core import flow
from kiosk.core.screens import Cancelled, Done, Issuing, PaperOut
from kiosk.ui import frame
from kiosk.ui.measures import Area
from kiosk.ui.messages import Message, message
from kiosk.ui.page import Page
from kiosk.ui.palette import (
    EMBER,
    GREY,
    HAIRLINE,
    NIGHT,
    SKY,
    WHITE,
)
from kiosk.ui.typeset import Style
from language.wording import pick, range_text

CAUSES: Final = ("paper_end", "cover_open", "cutter_jam")
"""What has its own words on the screen; every other cause is 「印刷できません」."""
SHOWN_FOR: Final = {
    "unknown": flow.SHOWN_IN_DOUBT,
    "on_screen": flow.SHOWN_ON_SCREEN,
}


def issuing(page: Page, screen: Issuing) -> None:
    """Feedback at once; nothing can be pressed."""
    name = _name(page, screen.procedure)
    label = screen.ticket.label if screen.ticket else ""
    message(
        page,
        Message("ticket", page.say("issuing.title"), (name,), label=label),
    )


def done(page: Page, screen: Done) -> None:
    """The number, as large as it goes; where to wait; the code for the phone."""
    _banner(page, screen)
    at = frame.bar(page)
    _done_buttons(page, screen, at)
    top = at.header.bottom + 3.5 * page.unit
    body = Area(at.body.x, top, at.body.w, at.body.bottom - top)
    left_h = 15.0 if page.panel.upright else 8.0
    _seconds(page, body.foot(left_h), screen)
    body = body.above(left_h + 1.5 * page.unit)
    if not screen.ticket.url:
        _number_card(page, body, screen)
    elif page.panel.upright:
        _number_card(page, body.above(118), screen)
        _phone_card(page, body.foot(112), screen.ticket.url)
    else:
        wide = 78.0
        _number_card(page, body.left(body.w - wide - 3), screen)
        _phone_card(page, body.after(body.w - wide), screen.ticket.url)


def _banner(page: Page, screen: Done) -> None:
    frame.header(
        page,
        page.say(f"done.{screen.paper}.title"),
        icon="phone" if screen.paper == "on_screen" else "ticket",
        end="" if screen.paper == "on_screen" else "down",
    )


def _done_buttons(page: Page, screen: Done, at: frame.Frame) -> None:
    if screen.paper == "unknown":
        frame.bar_button(
            page, at.back, "again", page.say("target.again"), "paper", frame.INVITING
        )
    frame.bar_button(page, at.second, "cancel", page.say("target.cancel"), "cancel")


def _seconds(page: Page, area: Area, screen: Done) -> None:
    """How long this screen stays."""
    whole = SHOWN_FOR.get(
        screen.paper,
        flow.SHOWN_WITH_QR if screen.ticket.url else flow.SHOWN_WITHOUT_QR,
    )
    # Room for the longest text, so that a shorter figure moves nothing.
    longest = page.set(
        page.say("done.left", seconds=88), page.style(6.3), area.w * 0.7, area.h
    )
    style = Style(longest.size_px / page.panel.px_per_mm)
    page.text(area, page.say("done.left", seconds=screen.left), style, colour=GREY)
    bar = area.after(page.width(longest) + 4 * page.unit)
    high = 2.0 * page.unit
    meter = Area(bar.x, bar.y + (bar.h - high) / 2, bar.w, high)
    page.meter(meter, screen.left / whole, NIGHT, HAIRLINE)


def _number_card(page: Page, area: Area, screen: Done) -> None:
    """受付番号, the procedure, people ahead, where to wait."""
    ticket, u = screen.ticket, page.unit
    frame.card(page, area)
    inner = area.inset(5 * u, 3 * u)
    inner = inner.above(_facts_at_foot(page, inner, screen))
    ink = EMBER if ticket.preapplied else NIGHT
    page.text(
        inner.top(8 * u),
        page.say("done.number"),
        page.style(6.8),
        colour=GREY,
        ground=WHITE,
        align="centre",
    )
    under = (14.0 if page.panel.upright else 12.0) * u
    middle = inner.below(8 * u).above(under)
    number = page.fill(ticket.label, middle.w, middle.h)
    page.put(number, middle, colour=ink, ground=WHITE, align="centre")
    page.text(
        inner.foot(under - u).above(2 * u),
        _name(page, ticket.procedure),
        page.style(9.4 if page.panel.upright else 8.2, bold=True),
        colour=ink,
        ground=WHITE,
        align="centre",
    )


def _facts_at_foot(page: Page, inner: Area, screen: Done) -> float:
    """The facts below a line; answers their height."""
    u = page.unit
    sign = 7.6 * u
    style = page.style(7.4 if page.panel.upright else 6.5, leading=1.25)
    wide = inner.w - sign - 2.4 * u
    facts = [
        (icon, page.set(text, style, wide, 24 * u, lines=2))
        for icon, text in _facts(page, screen)
    ]
    gap = 1.6 * u
    high = sum(max(sign, page.height(text)) + gap for _, text in facts) + gap
    rows = inner.foot(high)
    page.plate(rows.top(0.35), HAIRLINE)
    rows = rows.below(1.5 * gap)
    for icon, text in facts:
        row = rows.top(max(sign, page.height(text)))
        page.picture(row.left(sign).top(sign), icon, NIGHT, SKY)
        page.put(text, row.after(sign + 2.4 * u), ground=WHITE)
        rows = rows.below(row.h + gap)
    return high


def _facts(page: Page, screen: Done) -> list[tuple[str, str]]:
    ticket, words = screen.ticket, page.scene.words
    facts = []
    if screen.paper == "unknown":
        facts.append(("paper", page.say("done.unknown.help")))
    elif ticket.ahead is not None:
        wait = range_text(words, ticket.low, ticket.high)
        text = page.say("done.ahead", people=ticket.ahead, wait=wait)
        if ticket.low is None or ticket.high is None:
            text = page.say("done.ahead_only", people=ticket.ahead)
        facts.append(("people", text))
    procedure = page.scene.procedure(ticket.procedure)
    where = pick(procedure.where, words.language) if procedure else ""
    facts.append(("place", where or page.say("done.where_board")))
    return facts


def _phone_card(page: Page, area: Area, url: str) -> None:
    """The code, and in one line what it is good for."""
    u = page.unit
    frame.card(page, area)
    inner = area.inset(3 * u, 2.5 * u)
    if page.panel.upright:
        side = inner.h
        page.qr(inner.left(side), url)
        room = inner.after(side + 5 * u)
        page.text(
            room,
            page.say("done.phone"),
            page.style(7.2, bold=True, leading=1.45),
            lines=6,
            ground=WHITE,
        )
        return
    side = 49.0
    page.qr(inner.top(side), url)
    page.text(
        inner.below(side + u),
        page.say("done.phone"),
        page.style(6.4, bold=True),
        lines=3,
        ground=WHITE,
        align="centre",
    )


def paper_out(page: Page, screen: PaperOut) -> None:
    """No paper: take the number from this screen, or give it back."""
    cause = screen.cause if screen.cause in CAUSES else "other"
    state = "held" if screen.held else "not_sent"
    why = page.say(f"paper.{state}")
    left = page.say("paper.left", seconds=screen.left)
    message(
        page,
        Message(
            "paper_out",
            page.say(f"paper.{cause}"),
            (why, page.say("paper.accept_why")),
            label=screen.ticket.label,
            foot=left,
            warm=True,
        ),
    )
    at = frame.bar(page)
    give_up = page.say("target.give_up")
    frame.bar_button(page, at.back, "back", give_up, "cancel")
    frame.bar_button(
        page,
        at.second,
        "accept",
        page.say("target.accept"),
        "phone",
        frame.PRIMARY,
    )


def cancelled(page: Page, screen: Cancelled) -> None:
    """The number is given back."""
    message(
        page,
        Message(
            "check",
            page.say("cancelled.title", label=screen.label),
            (page.say("cancelled.body"),),
        ),
    )
    frame.bar(page, back=True)


def _name(page: Page, procedure: str) -> str:
    known = page.scene.procedure(procedure)
    return pick(known.name, page.scene.words.language) if known else ""
