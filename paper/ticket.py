"""A ticket on paper: the facts of one place in the queue become lines.

The number dominates: it is what the visitor listens for, and what staff read from
across the counter. Under it stands, in this order, what comes next: for what, how long,
where; then the code for the phone; then the rules; small and last what only matters
when something went wrong. No name and nothing personal is ever printed.

In another language the essentials (for what, how long, where) follow in Japanese too,
so that any staff member can help with any ticket. Reasons: docs/paper.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from language.wording import SOON, clock_text, pick, range_text
from language.words import Words
from paper.lines import WIDE, Feed, Line, Qr, Text, columns, wrap
from paper.repertoire import printable

NUMBER: Final = 8
"""Size of the number: a digit 15 to 20 dots high in its cell becomes 15 to 20 mm."""

QR_MODULE: Final = 5
"""Dots: version 3 has 29 modules, 18.1 mm at 203 dpi."""


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What a ticket says. Names are by language; `kiosk` is short, as on its housing.

    `issued_at` is local time, None when the clock cannot be trusted: then no time is
    printed. `ahead` (people), `low` and `high` (minutes) are None when nobody knows
    them. `url` is the ticket page as the QR holds it; `short_url` is printed to be read
    and typed. An empty `short_url` or `phone` is left out; without `where` the ticket
    asks to wait for the call.
    """

    office: Mapping[str, str]
    kiosk: str
    label: str
    procedure: Mapping[str, str]
    issued_at: datetime | None
    url: str
    ahead: int | None = None
    low: int | None = None
    high: int | None = None
    where: Mapping[str, str] | None = None
    preapplied: bool = False
    reprint: bool = False
    short_url: str = ""
    phone: str = ""


def compose(
    facts: TicketFacts, words: Words, japanese: Words, *, room: int = WIDE
) -> tuple[Line, ...]:
    """The whole ticket in the language of `words`, for a roll of `room` columns."""
    foreign = words.language != japanese.language
    return (
        *_set(_head(facts, words), words, room),
        *_number(facts, words, room),
        *_set(_essentials(facts, words), words, room),
        *(_set(_for_staff(facts, japanese), japanese, room) if foreign else ()),
        Feed(1),
        *_set(_phone_code(words), words, room),
        Qr(facts.url, module=QR_MODULE),
        Feed(1),
        *_set(_small(facts, words), words, room),
    )


def _set(lines: Iterator[Text], words: Words, room: int) -> Iterator[Text]:
    for line in lines:
        yield from wrap(line, words.language, room)


def _head(facts: TicketFacts, words: Words) -> Iterator[Text]:
    office = printable(pick(facts.office, words.language))
    yield _plain(words.text("paper.head", office=office, kiosk=facts.kiosk))
    if facts.reprint:
        yield _mark(words.text("paper.reprint"))


def _number(facts: TicketFacts, words: Words, room: int) -> Iterator[Line]:
    yield _large(words.text("paper.ticket"))
    across = min(NUMBER, room // columns(facts.label))
    yield Text(facts.label, width=across, height=NUMBER, align="center")
    if facts.preapplied:
        yield _mark(words.text("paper.preapplied"))


def _essentials(facts: TicketFacts, words: Words) -> Iterator[Text]:
    """For what, how many people and minutes, where."""
    yield _large(_procedure(facts, words))
    for figure in _figures(facts, words):
        yield _large(figure)
    yield _large(_where(facts, words))


def _for_staff(facts: TicketFacts, japanese: Words) -> Iterator[Text]:
    """The essentials once more, in Japanese and smaller."""
    yield _tall(_procedure(facts, japanese))
    yield _tall("\u3000".join(_figures(facts, japanese)))
    yield _tall(_where(facts, japanese))


def _procedure(facts: TicketFacts, words: Words) -> str:
    return printable(pick(facts.procedure, words.language))


def _figures(facts: TicketFacts, words: Words) -> Iterator[str]:
    """Without figures one line says that the wait is not known; no zero is made up."""
    if facts.ahead is not None:
        yield words.text("paper.ahead", ahead=facts.ahead)
    if facts.low is not None and facts.high is not None and facts.high <= SOON:
        yield words.text("paper.soon")
    else:
        wait = printable(range_text(words, facts.low, facts.high))
        yield words.text("paper.wait", wait=wait)


def _where(facts: TicketFacts, words: Words) -> str:
    where = printable(pick(facts.where or {}, words.language))
    if where:
        return words.text("paper.where", where=where)
    return words.text("paper.until_called")


def _phone_code(words: Words) -> Iterator[Text]:
    yield _tall(words.text("paper.scan"))


def _small(facts: TicketFacts, words: Words) -> Iterator[Text]:
    """The address under its code, the rules, and whom to ask, when and what."""
    if facts.short_url:
        yield _plain(facts.short_url)
    yield _tall(words.text("paper.order_rule"))
    yield _tall(words.text("paper.missed_rule"))
    if facts.phone:
        yield _tall(words.text("paper.phone", phone=facts.phone))
    if facts.issued_at is not None:
        yield _plain(_issued(facts.issued_at, words))


def _issued(at: datetime, words: Words) -> str:
    return words.text(
        "paper.issued",
        year=at.year,
        month=words.text(f"common.month.{at.month}"),
        day=at.day,
        clock=clock_text(words, at, seconds=True),
    )


def _large(text: str) -> Text:
    return Text(text, width=2, height=2, align="center")


def _tall(text: str) -> Text:
    return Text(text, height=2, align="center")


def _plain(text: str) -> Text:
    return Text(text, align="center")


def _mark(text: str) -> Text:
    """White on black: seen at once by visitor and staff."""
    return Text(text, width=2, height=2, align="center", inverse=True)
