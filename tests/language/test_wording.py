"""Figures as words: honest about what is not known, and the same everywhere."""

from datetime import datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.wording import clock_text, pick, range_text, wait_line
from language.words import load

JA, EN = load("ja"), load("en")


@pytest.mark.parametrize(
    ("low", "high", "japanese", "english"),
    [
        (0, 0, "まもなく", "soon"),
        (0, 5, "まもなく", "soon"),
        (3, 5, "まもなく", "soon"),
        (0, 15, "15分以内", "within 15 min"),
        (10, 20, "10〜20分", "10–20 min"),
        (15, 15, "約15分", "about 15 min"),
        (90, 130, "90〜130分", "90–130 min"),
        (120, 180, "2時間以上", "over 2 hours"),
        (None, None, "不明", "unknown"),
        (10, None, "不明", "unknown"),
        (None, 10, "不明", "unknown"),
    ],
)
def test_a_wait_is_said_as_a_range(low, high, japanese, english) -> None:
    assert range_text(JA, low, high) == japanese
    assert range_text(EN, low, high) == english


@pytest.mark.parametrize(("low", "high"), [(20, 10), (-5, 10), (-5, -1)])
def test_a_range_that_is_none_is_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="is not a range"):
        range_text(JA, low, high)


@pytest.mark.parametrize(
    ("waiting", "low", "high", "japanese", "english"),
    [
        (5, 10, 20, "待ち 5人・10〜20分", "5 waiting · 10–20 min"),
        (0, 0, 5, "待ち 0人・まもなく", "0 waiting · soon"),
        (5, None, None, "待ち 5人・時間は不明", "5 waiting · time unknown"),
        (None, 10, 20, "待ち時間 10〜20分", "Wait 10–20 min"),
        (None, None, None, "待ち時間 不明", "Wait unknown"),
    ],
)
def test_people_and_minutes_stand_on_one_line(
    waiting, low, high, japanese, english
) -> None:
    assert wait_line(JA, waiting, low, high) == japanese
    assert wait_line(EN, waiting, low, high) == english


@settings(deadline=None)
@given(st.none() | st.integers(0, 999), st.data())
def test_what_nobody_knows_is_never_said_as_a_number(waiting, data) -> None:
    low = data.draw(st.none() | st.integers(0, 300))
    high = None if low is None else data.draw(st.integers(low, 400))
    line = wait_line(EN, waiting, low, high)
    assert ("waiting" in line) == (waiting is not None)
    assert ("unknown" in line) == (low is None)


@pytest.mark.parametrize("at", [time(9, 5, 7), datetime(2026, 4, 1, 9, 5, 7)])
def test_a_time_is_said_in_24_hours(at) -> None:
    assert clock_text(JA, at) == "9:05"
    assert clock_text(EN, at, seconds=True) == "9:05:07"


def test_a_name_is_picked_in_the_language_else_japanese_else_the_first() -> None:
    names = {"en": "Tax", "ja": "税金"}
    assert pick(names, "en") == "Tax"
    assert pick(names, "vi") == "税金"
    assert pick({"en": "Tax"}, "vi") == "Tax"
    assert pick({"en": "", "ja": "税金"}, "en") == "税金"
    assert pick({}, "ja") == ""
