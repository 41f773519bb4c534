"""From what is known of office, server, printer and numbers to one `World` (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from drivers import Cause, Level, Paper, PrinterStatus
from kiosk.core.world import Offer, PrinterHealth, Trouble, World
from protocol.catalogue import Catalogue, Procedure
from protocol.day import opening
from protocol.messages import Figures

FIGURES_LAST: Final = timedelta(minutes=2)
"""Older figures are not shown: a wrong wait is worse than none."""

_HEALTH: dict[Cause, PrinterHealth] = {
    Cause.PAPER_END: "paper_end",
    Cause.COVER_OPEN: "cover_open",
    Cause.CUTTER: "cutter_jam",
    Cause.ERROR: "error",
    Cause.OFFLINE: "error",
    Cause.SILENT: "silent",
    Cause.NO_LINK: "no_link",
}


@dataclass(frozen=True, slots=True)
class Known:
    """The facts; `trouble` is what the machine itself has found wrong."""

    catalogue: Catalogue | None
    figures: Figures | None
    online: bool
    printer: PrinterStatus
    trouble: Trouble
    enrolled: bool
    numbers: Mapping[str, int]


def world_of(known: Known, now: datetime) -> World:
    """What the flow has to reckon with at the aware instant `now`."""
    catalogue = known.catalogue
    trouble = trouble_of(known)
    if catalogue is None:
        return World(known.online, printer=health_of(known.printer), trouble=trouble)
    hours = opening(catalogue.hours, now, catalogue.timezone)
    return World(
        online=known.online,
        office_state=hours.state,
        opens=hours.opens,
        closes=hours.closes,
        printer=health_of(known.printer),
        trouble=trouble,
        languages=catalogue.languages,
        offers=tuple(_offers(catalogue, catalogue.buttons(), known, now)),
    )


def trouble_of(known: Known) -> Trouble:
    """The first reason why no ticket at all can be issued."""
    if known.trouble:
        return known.trouble
    if not known.enrolled:
        return "not_enrolled"
    if known.catalogue is None:
        return "no_catalogue"
    wanted = {p.series for p in known.catalogue.issuable() if p.series}
    if not any(known.numbers.get(series, 0) for series in wanted):
        return "no_numbers"
    return ""


def health_of(status: PrinterStatus) -> PrinterHealth:
    if status.cause is not Cause.NONE and status.level is not Level.OK:
        return _HEALTH[status.cause]
    return "near_end" if status.paper is Paper.NEAR_END else "ok"


def fresh(figures: Figures | None, online: bool, now: datetime) -> Figures | None:
    """The figures if they may still be shown."""
    if figures is None or not online or now - figures.as_of > FIGURES_LAST:
        return None
    return figures


def _offers(
    catalogue: Catalogue,
    procedures: Iterable[Procedure],
    known: Known,
    now: datetime,
) -> Iterable[Offer]:
    figures = fresh(known.figures, known.online, now)
    for procedure in procedures:
        choices = tuple(_offers(catalogue, catalogue.choices(procedure.id), known, now))
        if choices:
            yield _parent(procedure, choices)
        else:
            yield _offer(catalogue, procedure, figures, now)


def _offer(
    catalogue: Catalogue, procedure: Procedure, figures: Figures | None, now: datetime
) -> Offer:
    hours = opening(procedure.hours or catalogue.hours, now, catalogue.timezone)
    shown = figures.procedures.get(procedure.id) if figures else None
    suspended = procedure.suspended or (shown.suspended if shown else None)
    wait = shown.wait_minutes if shown else None
    return Offer(
        procedure.id,
        "suspended" if suspended else hours.state,
        hours.opens,
        hours.closes,
        waiting=shown.waiting if shown else None,
        low=wait.low if wait else None,
        high=wait.high if wait else None,
    )


def _parent(procedure: Procedure, choices: tuple[Offer, ...]) -> Offer:
    """A button with choices shows all who wait below it and the span of ranges."""
    waiting = [choice.waiting for choice in choices if choice.waiting is not None]
    lows = [choice.low for choice in choices if choice.low is not None]
    highs = [choice.high for choice in choices if choice.high is not None]
    open_ones = [choice for choice in choices if choice.state == "open"]
    first = open_ones[0] if open_ones else choices[0]
    return Offer(
        procedure.id,
        first.state,
        first.opens,
        first.closes,
        waiting=sum(waiting) if len(waiting) == len(choices) else None,
        low=min(lows) if len(lows) == len(choices) else None,
        high=max(highs) if len(highs) == len(choices) else None,
        choices=choices,
    )
