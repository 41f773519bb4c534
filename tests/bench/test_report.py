"""The report: a plain table, a page, and one line that names what was missed."""

import pytest

from bench.measures.figures import Measure, against, least, most
from bench.measures.report import (
    Chapter,
    Circumstances,
    markdown,
    plain,
    summary,
)

KIOSK = Chapter(
    "Kiosk",
    (
        against(most(30, "ms"), "touch → ticket, p99", 14.2, "of 300 tickets"),
        Measure("a ticket made, native", 1.08, "ms"),
        against(most(450, "bytes"), "整理券 in the cable", 471),
    ),
)
SERVER = Chapter(
    "Server",
    (against(least(550, "tickets/s"), "durable issue", 1234.5),),
    ("The clients run on the same two processors.",),
)


@pytest.fixture
def where() -> Circumstances:
    return Circumstances(
        machine="A processor, 2 cores",
        date="2026-04-01 00:05 UTC",
        command="python -m bench --write",
        version="0.1.0",
        seconds=201.4,
        load=(0.1, 1.93),
    )


def test_the_table_keeps_its_columns_whatever_is_in_them():
    lines = [line for line in plain([KIOSK]).splitlines() if line.startswith("  ")]
    # A wide character takes two columns: the goal begins at the same place throughout.
    assert lines == [
        "  touch → ticket, p99      14.2 ms  ≤ 30 ms      met     of 300 tickets",
        "  a ticket made, native    1.08 ms",
        "  整理券 in the cable    471 bytes  ≤ 450 bytes  MISSED",
    ]


def test_what_a_reader_must_know_stands_below_its_chapter():
    text = plain([SERVER])
    assert text.index("durable issue") < text.index("on the same two processors")


def test_the_page_says_where_when_and_how_it_was_measured(where):
    page = markdown([KIOSK, SERVER], where)
    for fact in (
        "A processor, 2 cores",
        "2026-04-01 00:05 UTC",
        "python -m bench --write (201 s)",
        "0.10 before, 1.93 after",
    ):
        assert fact in page


def test_each_measure_is_a_row_of_the_page(where):
    page = markdown([KIOSK, SERVER], where)
    assert "| touch → ticket, p99 | 14.2 ms | ≤ 30 ms | met | of 300 tickets |" in page
    assert "| durable issue | 1,234 tickets/s | ≥ 550 tickets/s | met |  |" in page
    assert page.endswith("The clients run on the same two processors.\n")


def test_the_summary_names_what_was_missed():
    assert summary([KIOSK, SERVER]) == "2 of 3 goals met; missed: 整理券 in the cable"
    assert summary([SERVER]) == "1 of 1 goals met"
