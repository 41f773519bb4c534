"""What the kiosk makes of office, server, printer and numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from drivers import Cause, Level, Paper, PrinterStatus
from kiosk.surroundings import Known, world_of
from protocol.catalogue import Catalogue, Group, Hours, Procedure, Series
from protocol.messages import Figures, ProcedureFigures, WaitRange

NINE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 09:00 in Japan, a Tuesday
NOON = NINE + timedelta(hours=3)
HEALTHY = PrinterStatus(Level.OK, Cause.NONE, Paper.OK, NINE)


def procedure(id, **more):
    return Procedure(id=id, name={"ja": id, "en": id}, pictogram="document", **more)


CATALOGUE = Catalogue(
    office="chuo",
    name={"ja": "中央区役所", "en": "Chuo Ward Office"},
    hours=Hours(opens="09:00", closes="17:00"),
    public_url="https://queue.example",
    procedures=(
        procedure("certificates", series="a", group="all"),
        procedure("mynumber"),
        procedure("pickup", series="c", group="all", parent="mynumber"),
        procedure("renewal", series="c", group="all", parent="mynumber"),
        procedure(
            "morning",
            series="a",
            group="all",
            hours=Hours(opens="09:00", closes="11:00"),
        ),
    ),
    series=(
        Series(id="a", prefix="A", first=1, last=999),
        Series(id="c", prefix="C", first=1, last=999),
    ),
    groups=(Group(id="all"),),
    counters=(),
)
FIGURES = Figures(
    as_of=NOON,
    procedures={
        "certificates": ProcedureFigures(
            waiting=5, wait_minutes=WaitRange(low=10, high=20)
        ),
        "pickup": ProcedureFigures(waiting=2, wait_minutes=WaitRange(low=0, high=10)),
        "renewal": ProcedureFigures(waiting=3, wait_minutes=WaitRange(low=5, high=25)),
    },
)
KNOWN = Known(CATALOGUE, FIGURES, True, HEALTHY, "", True, {"a": 20, "c": 20})


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(-1, "before"), (0, "open"), (1, "open"), (8 * 60 - 1, "open"), (8 * 60, "after")],
)
def test_the_office_opens_at_nine_which_is_midnight_utc(minutes, state):
    world = world_of(KNOWN, NINE + timedelta(minutes=minutes))
    assert (world.office_state, world.opens, world.closes) == (state, "09:00", "17:00")


def test_on_sunday_the_office_is_closed():
    assert world_of(KNOWN, NINE - timedelta(days=2)).office_state == "closed_today"


def test_a_button_shows_people_and_range():
    offer = world_of(KNOWN, NOON).offer("certificates")
    assert (offer.state, offer.waiting, offer.low, offer.high) == ("open", 5, 10, 20)


def test_a_button_with_choices_shows_all_who_wait_below_it():
    offer = world_of(KNOWN, NOON).offer("mynumber")
    assert (offer.waiting, offer.low, offer.high) == (5, 0, 25)
    assert [choice.procedure for choice in offer.choices] == ["pickup", "renewal"]


def test_a_procedure_with_hours_of_its_own_closes_alone():
    world = world_of(KNOWN, NOON)
    assert world.offer("morning").state == "after"
    assert world.offer("certificates").state == "open"


def test_a_suspended_procedure_stays_visible():
    figures = FIGURES.model_copy(
        update={
            "procedures": {
                "certificates": ProcedureFigures(
                    waiting=0, wait_minutes=None, suspended={"ja": "機械の点検"}
                )
            }
        }
    )
    world = world_of(replace(KNOWN, figures=figures), NOON)
    assert world.offer("certificates").state == "suspended"


@pytest.mark.parametrize(
    "known",
    [
        replace(KNOWN, online=False),
        replace(KNOWN, figures=None),
        replace(
            KNOWN,
            figures=FIGURES.model_copy(update={"as_of": NOON - timedelta(minutes=3)}),
        ),
    ],
    ids=["offline", "none", "old"],
)
def test_old_or_missing_figures_are_not_shown(known):
    offer = world_of(known, NOON).offer("certificates")
    assert (offer.state, offer.waiting, offer.low) == ("open", None, None)


@pytest.mark.parametrize(
    ("known", "trouble"),
    [
        (KNOWN, ""),
        (replace(KNOWN, numbers={"a": 0, "c": 1}), ""),
        (replace(KNOWN, numbers={}), "no_numbers"),
        (replace(KNOWN, catalogue=None), "no_catalogue"),
        (replace(KNOWN, catalogue=None, enrolled=False), "not_enrolled"),
        (replace(KNOWN, trouble="staff"), "staff"),
    ],
)
def test_why_no_ticket_can_be_issued_at_all(known, trouble):
    assert world_of(known, NOON).trouble == trouble


@pytest.mark.parametrize(
    ("status", "health"),
    [
        (HEALTHY, "ok"),
        (PrinterStatus(Level.WARN, Cause.NONE, Paper.NEAR_END, NINE), "near_end"),
        (PrinterStatus(Level.FAULT, Cause.PAPER_END, Paper.END, NINE), "paper_end"),
        (PrinterStatus(Level.UNKNOWN, Cause.SILENT, Paper.UNKNOWN, NINE), "silent"),
    ],
)
def test_the_printers_silence_is_not_the_end_of_the_paper(status, health):
    assert world_of(replace(KNOWN, printer=status), NOON).printer == health
