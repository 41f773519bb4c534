"""One visitor's place in the queue, as the tests of paper know it."""

from datetime import datetime

import pytest

from language.words import Words, load
from paper.ticket import TicketFacts

TOKEN = "0123456789ABCDEFGHJKMNPQ"


@pytest.fixture
def facts() -> TicketFacts:
    return TicketFacts(
        office={"ja": "中央区役所", "en": "Chuo Ward Office"},
        kiosk="1",
        label="A045",
        procedure={"ja": "証明書（住民票・戸籍）", "en": "Certificates"},
        issued_at=datetime(2026, 4, 1, 9, 5, 7),
        ahead=5,
        low=10,
        high=20,
        where={
            "ja": "2階 証明書窓口の前でお待ちください",
            "en": "Please wait in hall\N{NO-BREAK SPACE}A, 2nd\N{NO-BREAK SPACE}floor",
        },
        url=f"HTTPS://MACHI.CITY.EXAMPLE.JP/T/{TOKEN}",
        short_url="machi.city.example.jp",
        phone="043-221-2109",
    )


@pytest.fixture
def ja() -> Words:
    return load("ja")


@pytest.fixture
def en() -> Words:
    return load("en")
