"""Calls for help as the console and the fleet page show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from server.pages.view import Names
from server.store.help import HelpCall

REASONS: Final = frozenset(
    {
        "button",
        "cover_open",
        "cutter_jam",
        "error",
        "no_answer",
        "no_link",
        "no_numbers",
        "offline",
        "paper_end",
        "silent",
        "storage",
        "visitor",
    }
)
"""What a kiosk may call for, as far as the pages have words for it."""


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One call: `kiosk` is the number people know it by, `reason` a word or a code."""

    id: int
    office: Names
    kiosk: str
    reason: str
    at: datetime
    timezone: str

    @property
    def known(self) -> bool:
        return self.reason in REASONS


def help_line(call: HelpCall, office: Names, timezone: str) -> HelpLine:
    """The line of that call; `chuo-1` is kiosk 1 of its office."""
    kiosk = call.kiosk.removeprefix(f"{call.office}-")
    return HelpLine(call.id, office, kiosk, call.reason, call.at, timezone)
