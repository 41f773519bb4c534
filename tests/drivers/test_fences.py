"""A late answer to an old fence never confirms a new ticket."""

from datetime import UTC, datetime, timedelta

from drivers.commands import fence
from drivers.fences import Fences

START = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)


def test_no_number_comes_back_within_a_quarter_of_a_million() -> None:
    fences = Fences(START)
    numbers = [fences.take() for _ in range(64**3)]
    assert len(set(numbers)) == len(numbers)
    assert fences.take() == numbers[0]


def test_a_restarted_kiosk_goes_on_elsewhere() -> None:
    before = Fences(START)
    used = {before.take() for _ in range(20)}
    assert Fences(START + timedelta(seconds=30)).take() not in used


def test_every_number_makes_a_valid_fence() -> None:
    fences = Fences(START)
    for _ in range(64):
        number = fences.take()
        assert fence("P" + number).endswith(number.encode())
