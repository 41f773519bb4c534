"""What the kiosk knows about its surroundings, as one value."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Offer:
    """One button: a procedure, or a parent whose `choices` open below it.

    `waiting`, `low` and `high` (people, minutes) are None when not known.
    """

    procedure: str
    state: Literal["open", "before", "after", "closed_today", "suspended"] = "open"
    opens: str = ""
    closes: str = ""
    waiting: int | None = None
    low: int | None = None
    high: int | None = None
    choices: tuple["Offer", ...] = ()


PrinterHealth = Literal[
    "ok",
    "near_end",
    "paper_end",
    "cover_open",
    "cutter_jam",
    "error",
    "silent",
    "no_link",
]


def prints(printer: PrinterHealth) -> bool:
    """Whether a ticket is likely to come out; a visitor is told before they press."""
    return printer in ("ok", "near_end")


Trouble = Literal["", "not_enrolled", "no_catalogue", "no_numbers", "storage", "staff"]
"""Why no ticket can be issued at all; empty when all is well."""


@dataclass(frozen=True, slots=True)
class World:
    """Facts the flow decides on; a new one arrives whenever one of them changes."""

    online: bool = False
    office_state: Literal["open", "before", "after", "closed_today"] = "open"
    opens: str = ""
    closes: str = ""
    printer: PrinterHealth = "ok"
    trouble: Trouble = ""
    languages: tuple[str, ...] = ("ja", "en")
    offers: tuple[Offer, ...] = ()

    def offer(self, procedure: str) -> Offer | None:
        """The button of that procedure, at home or below one of its buttons."""
        for offer in self.offers:
            if offer.procedure == procedure:
                return offer
            for choice in offer.choices:
                if choice.procedure == procedure:
                    return choice
        return None
