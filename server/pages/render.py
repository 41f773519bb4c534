"""A page model and the words of a language become HTML. Pure: no clock, no store."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from language import wording
from language.words import Words, available, own_name
from server.pages import static_files
from server.pages.fleet_view import CAUSES, FleetPage, explained, trouble_words
from server.pages.staff_view import StaffPage, StaffPanel
from server.pages.view import (
    BoardPage,
    CongestionPage,
    LoginPage,
    Problem,
    TicketPage,
    Wait,
    freshness,
    local,
)

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["explained"] = explained
_TEMPLATES.filters["trouble_words"] = trouble_words


def congestion(page: CongestionPage, words: Words) -> str:
    """The congestion page of one office or all."""
    return _html(
        "congestion.html",
        words,
        page=page,
        freshness=freshness,
        live=_raw(words, "common.wait.", "pages.congestion.", "pages.ticket.people"),
    )


def board(page: BoardPage, words: Words) -> str:
    """The waiting-room board."""
    return _html(
        "board.html",
        words,
        page=page,
        freshness=freshness,
        live=_raw(
            words,
            "common.wait.",
            "pages.board.",
            "pages.congestion.closed",
            "pages.site.",
        ),
    )


def ticket(page: TicketPage, words: Words) -> str:
    """A visitor's own ticket; its `main` element is also what the live page swaps."""
    live = _raw(words, "pages.ticket.stale", "pages.ticket.your_turn")
    return _html("ticket.html", words, page=page, live=live)


def ticket_cancel(page: TicketPage, words: Words) -> str:
    """The question before a visitor gives up the place."""
    return _html("ticket_cancel.html", words, page=page)


def login(page: LoginPage, words: Words) -> str:
    """The log-in form of staff and technicians."""
    return _html("login.html", words, page=page)


def staff(page: StaffPage, words: Words) -> str:
    """The staff console, or the choice of a counter."""
    live = _raw(words, "pages.staff.", "pages.state.", "pages.help.")
    return _html("staff.html", words, page=page, live=live)


def staff_panel(panel: StaffPanel, words: Words) -> str:
    """The living part of the console alone, for a refresh."""
    return _html("staff_panel.html", words, panel=panel)


def fleet(page: FleetPage, words: Words) -> str:
    """Every kiosk and its state."""
    return _html("fleet.html", words, page=page, causes=CAUSES)


def problem(page: Problem, words: Words) -> str:
    """A plain sentence instead of a page."""
    return _html("problem.html", words, page=page)


def _html(template: str, words: Words, **values: Any) -> str:
    def wait(span: Wait | None) -> str:
        if span is None:
            return wording.range_text(words, None, None)
        return wording.range_text(words, span.low, span.high)

    def clock(at: datetime, timezone: str, *, seconds: bool = True) -> str:
        return wording.clock_text(words, local(at, timezone), seconds=seconds)

    def name(names: Mapping[str, str]) -> str:
        return wording.pick(names, words.language)

    return _TEMPLATES.get_template(template).render(
        language=words.language,
        languages=[(code, own_name(code)) for code in available()],
        say=words.text,
        t=partial(_page_text, words),
        wait=wait,
        clock=clock,
        name=name,
        static=static_files.address,
        **values,
    )


def _page_text(words: Words, key: str, /, **values: object) -> str:
    return words.text(f"pages.{key}", **values)


def _raw(words: Words, *beginnings: str) -> str:
    """Texts with their placeholders, as JSON, for the script that fills them in."""
    return json.dumps(
        {
            key: template.text
            for key, template in words.templates.items()
            if key.startswith(beginnings)
        },
        ensure_ascii=False,
    )
