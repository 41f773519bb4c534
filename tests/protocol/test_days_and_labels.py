"""Hours, business days and labels, as an office in Japan has them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from protocol.catalogue import Hours, Series
from protocol.day import business_day, opening
from protocol.label import label

JAPAN = "Asia/Tokyo"
NINE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 09:00 in Japan, a Tuesday
OFFICE = Hours(opens="09:00", closes="17:00", closed_on=(date(2026, 11, 23),))


@pytest.mark.parametrize("minutes", [-1, 0, 1])
def test_midnight_in_greenwich_changes_no_day_in_japan(minutes):
    assert business_day(NINE + timedelta(minutes=minutes), JAPAN) == date(2026, 11, 24)


def test_the_day_changes_at_midnight_in_japan():
    midnight = NINE + timedelta(hours=15)
    before = midnight - timedelta(seconds=1)
    assert business_day(before, JAPAN) == date(2026, 11, 24)
    assert business_day(midnight, JAPAN) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("hours", "state"),
    [(-1 / 60, "before"), (0, "open"), (7.99, "open"), (8, "after"), (15, "before")],
)
def test_the_office_is_open_from_its_first_minute_to_its_last(hours, state):
    assert opening(OFFICE, NINE + timedelta(hours=hours), JAPAN).state == state


@pytest.mark.parametrize("days", [-1, -2, -3])
def test_holidays_and_weekends_are_closed_all_day(days):
    assert opening(OFFICE, NINE + timedelta(days=days), JAPAN).state == "closed_today"


def test_an_office_may_be_open_to_the_end_of_the_day():
    always = Hours(weekdays=(0, 1, 2, 3, 4, 5, 6), opens="00:00", closes="24:00")
    for hour in range(48):
        at = NINE + timedelta(hours=hour, minutes=59)
        assert opening(always, at, JAPAN).state == "open"


@pytest.mark.parametrize(
    ("opens", "closes"), [("17:00", "09:00"), ("09:00", "09:00"), ("9:00", "17:00")]
)
def test_hours_that_make_no_sense_are_refused(opens, closes):
    with pytest.raises(ValidationError):
        Hours(opens=opens, closes=closes)


@pytest.mark.parametrize(
    ("series", "number", "printed"),
    [
        (Series(id="a", prefix="A", first=1, last=999), 45, "A045"),
        (Series(id="a", prefix="A", first=1, last=9999), 45, "A0045"),
        (Series(id="a", first=301, last=600), 312, "312"),
        (Series(id="a", first=1, last=999), 7, "7"),
    ],
)
def test_a_label_is_what_is_printed_and_called(series, number, printed):
    assert label(series, number) == printed


def test_a_number_of_another_series_has_no_label():
    with pytest.raises(ValueError, match="is not in series"):
        label(Series(id="a", first=1, last=9), 10)
