"""Home, its twin without a network, and the choices below one button."""

from kiosk.core.flow import STILL_THERE
from kiosk.core.screens import Choose, Home
from kiosk.core.world import prints
from kiosk.ui import frame
from kiosk.ui.measures import Area
from kiosk.ui.offers import offers_grid
from kiosk.ui.page import Page
from kiosk.ui.palette import GREY, INK, NIGHT, SCRIM, SKY, WHITE
from language.wording import pick


def home(page: Page, screen: Home) -> None:
    """「ご用件を押してください」 and the buttons."""
    frame.header(page, page.say("home.title"), aside=frame.office_name(page))
    at = frame.bar(page)
    if not prints(screen.world.printer):
        frame.notice(page, at.free, page.say("home.no_paper"))
    elif not screen.world.online:
        frame.notice(page, at.free, page.say("home.offline"))
    else:
        frame.clock(page, at.free.inset(page.unit, 0))
    offers_grid(page, at.body, screen.world.offers)
    frame.staff_corner(page)


def choose(page: Page, screen: Choose) -> None:
    """What stands below one button, or over it 「つづけますか?」."""
    at = frame.frame_of(page)
    if screen.left is None:
        _choices(page, screen, at.body)
        frame.bar(page, back=True)
        return
    below = Page(page.scene)
    _choices(below, screen, at.body)
    page.over(below.layout().boxes)
    page.plate(page.whole.top(at.bar.y), SCRIM)
    frame.bar(page, back=True)
    _still_there(page, at.body, screen.left)


def _choices(page: Page, screen: Choose, body: Area) -> None:
    procedure = page.scene.procedure(screen.procedure)
    offer = screen.world.offer(screen.procedure)
    choices = offer.choices if offer else ()
    name = pick(procedure.name, page.scene.words.language) if procedure else ""
    icon = procedure.pictogram if procedure else ""
    question = page.say("choose.question")
    if not page.panel.upright:
        frame.header(page, name, aside=question, icon=icon)
        offers_grid(page, body, choices)
        return
    # Upright the buttons stand low, where a child and a wheelchair reach them.
    frame.header(page, name, icon=icon)
    high = body.h - 92 if len(choices) <= 3 else body.h - 40
    page.text(
        body.above(high),
        question,
        page.style(11.0, bold=True),
        lines=2,
        colour=NIGHT,
        align="centre",
    )
    offers_grid(page, body.foot(high), choices)


def _still_there(page: Page, body: Area, left: int) -> None:
    """The question with its countdown; one big はい is all it takes."""
    u = page.unit
    box = body.centred(min(body.w, 150 * u), min(body.h, 92 * u))
    frame.card(page, box)
    inner = box.inset(8 * u, 5 * u)
    page.text(
        inner.top(13 * u),
        page.say("still_there.title"),
        page.style(11.0, bold=True),
        colour=NIGHT,
        ground=WHITE,
        align="centre",
    )
    page.text(
        inner.below(15 * u).top(18 * u),
        page.say("still_there.why"),
        page.style(6.8),
        lines=2,
        colour=INK,
        ground=WHITE,
        align="centre",
    )
    page.text(
        inner.below(34 * u).top(9 * u),
        page.say("still_there.left", seconds=left),
        page.style(7.4, bold=True),
        colour=GREY,
        ground=WHITE,
        align="centre",
    )
    page.meter(inner.below(45 * u).top(2.2 * u), left / STILL_THERE, NIGHT, SKY)
    button = inner.below(51 * u)
    yes = page.say("still_there.yes")
    page.press(button, "more_time", yes, frame.PRIMARY)
    page.text(
        button,
        yes,
        page.style(13.0, bold=True),
        colour=WHITE,
        ground=frame.PRIMARY.fill,
        align="centre",
    )
