"""A ticket as text: where things stand, how large, and the page that shows it."""

from dataclasses import replace
from pathlib import Path

import pytest

from language.words import load
from paper.lines import NARROW, Feed, Qr, Rule, Text
from paper.preview import as_text
from paper.ticket import compose

PAGE = Path(__file__).parents[2] / "docs" / "paper.md"


def test_text_stands_where_it_stands_on_paper() -> None:
    lines = (
        Text("左", bold=True),
        Text("中", align="center", width=2, height=3),
        Text("右", align="right", inverse=True, underline=True),
    )
    assert as_text(lines, room=8).splitlines() == [
        "+--------+",
        "|左      |  1×1 bold",
        "|  中    |  2×3",
        "|      右|  1×1 inverse underline",
        "+--------+",
    ]


def test_a_code_a_rule_and_empty_paper_are_shown() -> None:
    shown = as_text((Rule(), Feed(2), Qr("HTTPS://A", align="left")), room=12)
    assert shown.splitlines() == [
        "+------------+",
        "|------------|",
        "|            |",
        "|            |",
        "|▓▓▓▓▓▓▓▓▓▓  |  QR, level M, module 5 dots",
        *["|▓▓▓▓▓▓▓▓▓▓  |"] * 3,
        "   HTTPS://A",
        "+------------+",
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_shows_the_ticket_that_is_printed(facts, ja, language) -> None:
    shown = as_text(compose(facts, load(language), ja))
    assert f"```text\n{shown}```" in PAGE.read_text(encoding="utf-8")


def test_the_page_shows_a_marked_ticket_on_a_narrow_roll(facts, ja) -> None:
    marked = replace(facts, preapplied=True, reprint=True, label="A1234")
    shown = as_text(compose(marked, ja, ja, room=NARROW), room=NARROW)
    assert f"```text\n{shown}```" in PAGE.read_text(encoding="utf-8")
