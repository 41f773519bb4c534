"""A ticket on paper: the facts of one place in the queue become lines.

The number dominates: it is what the visitor listens for, and what staff read from
across the counter. Under it stands, in this order, what comes next: for what, how long,
where; then the rules of waiting; then the code for the phone, on quiet paper, with what
it is good for and the address to type instead. Nothing personal is ever printed.

In another language the essentials (for what, how long, where) follow in Japanese too,
so that any staff member can help with any ticket. Reasons: docs/paper.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from language.wording import clock_text, pick, wait_line
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
    and typed. `where` is a whole sentence (「2番窓口の前でお待ちください」); without
    one the ticket asks to wait for the call. An empty `short_url` or `phone` is left
    out.
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
    where: Mapping[str, str] = field(default_factory=dict)
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
        *_abreast(_origin(facts, words), words, room),
        *_title(facts, words, room),
        _number(facts.label, room),
        *(() if foreign else (Feed(1),)),
        *_essentials(facts, words, room),
        *(_for_staff(facts, japanese, room) if foreign else (Feed(1),)),
        *_tall(words.text("paper.order_rule"), words, room),
        *_tall(words.text("paper.missed_rule"), words, room),
        Feed(1),
        Qr(facts.url, module=QR_MODULE),
        Feed(1),
        *_tall(words.text("paper.scan"), words, room),
        *_abreast(_contacts(facts, words), words, room),
    )


def _origin(facts: TicketFacts, words: Words) -> Iterator[str]:
    office = printable(pick(facts.office, words.language))
    yield words.text("paper.origin", office=office, kiosk=facts.kiosk)
    if facts.issued_at is not None:
        at = facts.issued_at
        clock = clock_text(words, at, seconds=True)
        yield words.text(
            "paper.issued", year=at.year, month=at.month, day=at.day, clock=clock
        )


def _title(facts: TicketFacts, words: Words, room: int) -> Iterator[Text]:
    """What it is. What makes it special joins in, and all stands white on black.

    So the mark is right above the number, where visitor and staff see it at once, and
    a marked ticket is no longer than any other.
    """
    marks = [words.text("paper.reprint")] if facts.reprint else []
    marks += [words.text("paper.preapplied")] if facts.preapplied else []
    title = " ".join([*marks, words.text("paper.ticket")])
    for line in _fitted(title, words, room, most=1):
        yield replace(line, inverse=bool(marks))


def _number(label: str, room: int) -> Text:
    across = min(NUMBER, room // columns(label))
    return Text(label, width=across, height=NUMBER, align="center")


def _essentials(facts: TicketFacts, words: Words, room: int) -> Iterator[Text]:
    """For what, how many people and minutes, where."""
    yield from _fitted(_procedure(facts, words), words, room, most=1)
    yield from _fitted(_wait(facts, words), words, room, most=1)
    yield from _fitted(_where(facts, words), words, room, most=2)


def _for_staff(facts: TicketFacts, japanese: Words, room: int) -> Iterator[Text]:
    """The essentials once more in Japanese, small."""
    figures = (_procedure(facts, japanese), _wait(facts, japanese))
    yield from _abreast(figures, japanese, room)
    yield from wrap(_small(_where(facts, japanese)), japanese.language, room)


def _contacts(facts: TicketFacts, words: Words) -> Iterator[str]:
    if facts.phone:
        yield words.text("paper.phone", phone=facts.phone)
    if facts.short_url:
        yield facts.short_url


def _procedure(facts: TicketFacts, words: Words) -> str:
    return printable(pick(facts.procedure, words.language))


def _wait(facts: TicketFacts, words: Words) -> str:
    """The very words of the kiosk's button and the public page."""
    return printable(wait_line(words, facts.ahead, facts.low, facts.high))


def _where(facts: TicketFacts, words: Words) -> str:
    where = printable(pick(facts.where, words.language))
    return where or words.text("paper.until_called")


def _abreast(texts: Iterable[str], words: Words, room: int) -> Iterator[Text]:
    """Small texts on one line if they fit side by side, else one below the other."""
    parts = tuple(map(_small, texts))
    together = _small("  ".join(part.text for part in parts))
    for line in (together,) if parts and together.columns <= room else parts:
        yield from wrap(line, words.language, room)


def _fitted(text: str, words: Words, room: int, *, most: int) -> tuple[Text, ...]:
    """Large if it fits into `most` lines, else narrower, so that it does."""
    large = wrap(_large(text), words.language, room)
    if len(large) <= most:
        return large
    return wrap(replace(_large(text), width=1), words.language, room)


def _tall(text: str, words: Words, room: int) -> Iterator[Text]:
    line = Text(text, height=2, align="center")
    return iter(wrap(line, words.language, room))


def _large(text: str) -> Text:
    return Text(text, width=2, height=2, align="center")


def _small(text: str) -> Text:
    return Text(text, align="center")
