"""What this kiosk prints: tickets of its office, and the technician's test slip."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from drivers.profile import Profile
from kiosk.clock import Moment
from kiosk.core.screens import Ticket
from kiosk.document import document
from language.words import load
from paper.lines import Feed, Line, Rule, Text
from paper.ticket import TicketFacts, compose
from protocol.catalogue import Catalogue

JAPANESE = "ja"


@dataclass(frozen=True, slots=True)
class Slips:
    """`catalogue` gives the newest one; it is there whenever a ticket was issued."""

    catalogue: Callable[[], Catalogue | None]
    kiosk_id: str
    profile: Profile
    now: Callable[[], Moment]

    def ticket(self, ticket: Ticket, language: str, copy_number: int) -> bytes:
        """The bytes of a ticket; a `copy_number` above 0 is marked 再発行."""
        catalogue = self.catalogue()
        assert catalogue is not None
        procedure = catalogue.procedure(ticket.procedure)
        issued_at = ticket.issued_at
        facts = TicketFacts(
            office=catalogue.name,
            kiosk=short_name(self.kiosk_id, catalogue.office),
            label=ticket.label,
            procedure=procedure.name,
            issued_at=issued_at and issued_at.astimezone(ZoneInfo(catalogue.timezone)),
            url=ticket.url,
            ahead=ticket.ahead,
            low=ticket.low,
            high=ticket.high,
            where=procedure.where,
            preapplied=ticket.preapplied,
            reprint=copy_number > 0,
            short_url=ticket.url.split("/T/", 1)[0].partition("://")[2].lower(),
            phone=catalogue.phone,
        )
        room = self.profile.columns
        lines = compose(facts, load(language), load(JAPANESE), room=room)
        return self._bytes(lines)

    def test(self, language: str) -> bytes:
        """Kanji, kana, sizes and the time: what a technician looks at after paper."""
        words, moment = load(language), self.now()
        catalogue = self.catalogue()
        zone = ZoneInfo(catalogue.timezone if catalogue else "Asia/Tokyo")
        at = moment.at.astimezone(zone)
        time = f"{at:%Y-%m-%d %H:%M:%S}" if moment.printable else "--:--:--"
        lines = (
            Text(words.text("paper.test"), width=2, height=2, align="center"),
            Text(words.text("paper.not_a_ticket"), align="center"),
            Rule(),
            Text("A012", width=4, height=4, align="center"),
            Text("永 整理券 アイウ あいう ①㈱№", align="center"),
            Text("ABC abc 0123456789 -/:.", align="center"),
            Rule(),
            Text(f"{self.kiosk_id}  {time}", align="center"),
            Feed(1),
        )
        return self._bytes(lines)

    def _bytes(self, lines: tuple[Line, ...]) -> bytes:
        return document(lines, columns=self.profile.columns, rows=self.profile.rows)


def short_name(kiosk_id: str, office: str) -> str:
    """The kiosk's name within its office: `2` of `chuo-2` or `chuo_2`."""
    return kiosk_id.removeprefix(office).lstrip("-_") or kiosk_id
