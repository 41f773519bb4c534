"""Tickets as a printer gets them and puts them on paper: bytes, length, legibility."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from drivers import commands
from drivers.sim.engine import Engine
from drivers.sim.paper import Sheet
from drivers.sim.render import paint
from drivers.text import Rows, encode
from kiosk.document import document
from language.words import Words, available, load
from paper.ticket import TicketFacts, compose
from protocol.catalogue import Catalogue
from server.catalogue_files import load as load_city

DOTS = 576
CITY = Path(__file__).parents[2] / "config" / "city"
PAGE = Path(__file__).parents[2] / "docs" / "paper.md"


def printed(facts: TicketFacts, words: Words, columns: int = 48) -> bytes:
    """Everything that goes over the wire for one ticket, fences and cut included."""
    lines = compose(facts, words, load("ja"), room=columns)
    return b"".join(
        (
            commands.PROLOGUE,
            document(lines, columns=columns, rows=Rows.NEC),
            commands.feed(4),
            commands.fence("P000"),
            commands.CUT,
            commands.fence("C000"),
        )
    )


def on_paper(ticket: bytes) -> Sheet:
    """The second of two tickets: it begins with the paper the first fed ahead."""
    printer = Engine(width=DOTS, speed=float("inf"), roll=10_000)
    for now in (0.0, 1.0):
        printer.receive(ticket, now)
        printer.advance(now + 0.5)
    return printer.sheets[-1]


def picture(sheet: Sheet) -> Image.Image:
    """Black on white, as the paper looks."""
    ink = paint(sheet.strips, DOTS).convert("L")
    return ink.point(lambda value: 0 if value else 255)


def test_a_japanese_ticket_is_at_most_450_bytes(facts, ja) -> None:
    assert 300 <= len(printed(facts, ja)) <= 450


def test_a_preapplied_ticket_is_at_most_450_bytes(facts, ja) -> None:
    preapplied = replace(facts, procedure={"ja": "事前申請した方"}, preapplied=True)
    assert len(printed(preapplied, ja)) <= 450


@pytest.mark.parametrize("language", available())
@pytest.mark.parametrize("marked", [False, True])
def test_a_ticket_is_at_most_130_mm_long(facts, language, marked) -> None:
    ticket = replace(facts, preapplied=marked, reprint=marked)
    sheet = on_paper(printed(ticket, load(language)))
    assert 90 <= sheet.length_mm <= 130


@pytest.mark.parametrize("language", available())
@pytest.mark.parametrize("columns", [48, 32])
def test_a_phone_reads_the_code_off_the_paper(facts, language, columns) -> None:
    paper = picture(on_paper(printed(facts, load(language), columns)))
    (code,) = zxingcpp.read_barcodes(paper)
    assert code.text == facts.url


@pytest.fixture(scope="module")
def city() -> dict[str, Catalogue]:
    return load_city(CITY, public_url="https://machi.city.example.jp")


@pytest.mark.parametrize("language", available())
def test_every_ticket_of_the_shipped_city_keeps_within_its_measures(
    facts, city, language
) -> None:
    for office in city.values():
        for procedure in office.issuable():
            ticket = replace(
                facts,
                office=office.name,
                procedure=procedure.name,
                where=procedure.where,
                preapplied=procedure.preapplied,
                phone=office.phone,
                ahead=123,
                low=100,
                high=110,
                issued_at=datetime(2026, 12, 21, 10, 5, 7),
            )
            sent = printed(ticket, load(language))
            assert on_paper(sent).length_mm <= 130, (office.office, procedure.id)
            if language == "ja":
                assert len(sent) <= 450, (office.office, procedure.id)


def test_the_code_is_no_larger_than_18_5_mm(facts, ja) -> None:
    paper = picture(on_paper(printed(facts, ja)))
    (code,) = zxingcpp.read_barcodes(paper)
    side = code.position.top_right.x - code.position.top_left.x
    assert side / 8 <= 18.5


@pytest.mark.parametrize("language", available())
def test_every_text_of_the_ticket_is_in_the_printers_font(language: str) -> None:
    templates = load(language).templates
    for key in (key for key in templates if key.startswith("paper.")):
        assert encode(templates[key].text.replace("{", "").replace("}", "")), key


def test_the_page_names_the_measures_of_today(facts, ja, en) -> None:
    preapplied = replace(facts, procedure={"ja": "事前申請した方"}, preapplied=True)
    page = PAGE.read_text(encoding="utf-8")
    for name, ticket, words in (
        ("Japanese", facts, ja),
        ("Japanese, pre-applied", preapplied, ja),
        ("English", facts, en),
    ):
        sent = printed(ticket, words)
        assert f"| {name} | {on_paper(sent).length_mm} mm | {len(sent)} |" in page
