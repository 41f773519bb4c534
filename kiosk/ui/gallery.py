"""Every screen once, for looking at: `python -m kiosk.ui.gallery FOLDER` writes PNGs.

The samples are an office with six buttons, as `docs/screens.md` describes them; tests
lay out the same ones in every language and on both panels.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from kiosk.core.screens import (
    Cancelled,
    Choose,
    Closed,
    Done,
    Home,
    Issuing,
    OutOfService,
    PaperOut,
    PinEntry,
    Screen,
    StaffCalled,
    StaffMenu,
    Ticket,
)
from kiosk.core.world import Offer, World
from kiosk.ui.draw import Painter
from kiosk.ui.fonts import Fonts
from kiosk.ui.measures import LANDSCAPE_10, PORTRAIT_21, Panel
from kiosk.ui.render import render
from kiosk.ui.scene import Ruler, Scene
from language.words import load
from protocol.catalogue import Catalogue, Group, Hours, Procedure, Series

PANELS: Final = {"portrait": PORTRAIT_21, "landscape": LANDSCAPE_10}
NOON: Final = datetime(2026, 4, 1, 9, 41)


def _procedure(
    id: str, ja: str, en: str, example: tuple[str, str] = ("", ""), **more: object
) -> Procedure:
    return Procedure.model_validate(
        {
            "id": id,
            "name": {"ja": ja, "en": en},
            "example": {"ja": example[0], "en": example[1]},
            "pictogram": "card" if id == "card" else id,
            "series": id,
            "group": "main",
            **more,
        }
    )


def _catalogue() -> Catalogue:
    procedures = (
        _procedure(
            "document",
            "証明書",
            "Certificates",
            ("住民票・戸籍・印鑑証明", "Residence, family register, seal"),
            where={"ja": "1階 1番・2番窓口の前", "en": "1st floor, counters 1 and 2"},
        ),
        _procedure(
            "moving",
            "引っこし・住所変更",
            "Moving house",
            ("転入・転出・転居", "Moving in, out or within"),
            where={"ja": "1階 3番窓口の前", "en": "1st floor, counter 3"},
        ),
        _procedure(
            "card",
            "マイナンバーカード",
            "My Number card",
            ("受け取り・更新・申請", "Pick up, renew, apply"),
            series=None,
            group=None,
        ),
        _procedure(
            "insurance",
            "国民健康保険・年金",
            "Health insurance, pension",
            ("加入・脱退・相談", "Join, leave, ask"),
            suspended={
                "ja": "システムの点検のため、午後1時から受付します。",
                "en": "Because of maintenance we start again at 1 pm.",
            },
        ),
        _procedure(
            "preapplied",
            "事前申請した方",
            "I applied in advance",
            ("スマホ・パソコンで申請ずみ", "Already applied online"),
            preapplied=True,
        ),
        _procedure(
            "question",
            "わからない・その他",
            "Not sure / other",
            ("どの窓口か相談したい方", "Ask which counter to go to"),
        ),
        _procedure("card_pickup", "カードの受け取り", "Pick up a card", parent="card"),
        _procedure(
            "card_renewal",
            "更新・暗証番号",
            "Renewal and PIN",
            ("有効期限・ロックの解除", "Expiry, locked PIN"),
            parent="card",
        ),
        _procedure("card_apply", "カードの申請", "Apply for a card", parent="card"),
    )
    issuing = [p for p in procedures if p.series]
    return Catalogue(
        office="chuo",
        name={"ja": "中央区役所", "en": "Chuo Ward Office"},
        hours=Hours(opens="09:00", closes="17:00"),
        public_url="https://queue.example.jp",
        procedures=procedures,
        series=tuple(
            Series(id=p.series or "", prefix=letter, first=1, last=499)
            for p, letter in zip(issuing, "ABCDEFGH", strict=True)
        ),
        groups=(Group(id="main"),),
        counters=(),
    )


CATALOGUE: Final = _catalogue()
URL: Final = "HTTPS://QUEUE.EXAMPLE.JP/T/0040000009Z6W4CG5V1YVJ3B"

_CHOICES: Final = (
    Offer("card_pickup", waiting=12, low=30, high=50),
    Offer("card_renewal", waiting=3, low=5, high=15),
    Offer("card_apply", waiting=0, low=0, high=5),
)
OPEN: Final = World(
    online=True,
    opens="09:00",
    closes="17:00",
    offers=(
        Offer("document", waiting=5, low=10, high=20),
        Offer("moving", waiting=12, low=30, high=50),
        Offer("card", waiting=15, low=20, high=45, choices=_CHOICES),
        Offer("insurance", state="suspended"),
        Offer("preapplied", waiting=1, low=0, high=10),
        Offer("question", waiting=0, low=0, high=5),
    ),
)
_ALONE: Final = World(
    opens="09:00",
    closes="17:00",
    offers=tuple(
        Offer(o.procedure, choices=tuple(Offer(c.procedure) for c in o.choices))
        for o in OPEN.offers
    ),
)
_AFTER: Final = replace(
    OPEN,
    offers=(
        Offer("document", state="after", opens="09:00", closes="16:30"),
        *OPEN.offers[1:],
    ),
)


def ticket(procedure: str = "moving", label: str = "A045") -> Ticket:
    return Ticket(
        UUID(int=1), label, procedure, URL, procedure == "preapplied", NOON, 12, 30, 50
    )


def screens(language: str) -> Iterator[tuple[str, Screen]]:
    """Name and value of every sample in one language."""
    yield "home", Home(OPEN, language)
    yield "offline", Home(_ALONE, language)
    yield "choose", Choose(OPEN, language, "card")
    yield "choose_offline", Choose(_ALONE, language, "card")
    yield "choose_still_there", Choose(OPEN, language, "card", left=17)
    yield "issuing", Issuing(OPEN, language, "moving", 0.0)
    yield "issuing_number", Issuing(OPEN, language, "moving", 0.0, ticket())
    yield "done", Done(OPEN, language, ticket(), "printed", 0.0, 14)
    fast = ticket("preapplied", "F001")
    yield "done_preapplied", Done(OPEN, language, fast, "printed", 0.0, 20)
    plain = replace(ticket(), url="", ahead=None, low=None, high=None)
    yield "done_without_qr", Done(OPEN, language, plain, "printed", 0.0, 8)
    for paper in ("uncut", "unknown", "on_screen"):
        yield f"done_{paper}", Done(OPEN, language, ticket(), paper, 0.0, 14)
    yield "cancelled", Cancelled(OPEN, language, "A045")
    for cause in ("paper_end", "cover_open", "cutter_jam", "no_link"):
        for held in (True, False):
            name = f"paper_{cause}_{'held' if held else 'not_sent'}"
            out = PaperOut(OPEN, language, ticket(), cause, held, 0.0, 24)
            yield name, out
    for state in ("before", "after", "closed_today"):
        hours = ("", "") if state == "closed_today" else ("09:00", "17:00")
        world = replace(OPEN, office_state=state, opens=hours[0], closes=hours[1])
        yield f"closed_{state}", Closed(world, language)
    yield "closed_one_suspended", Closed(OPEN, language, "insurance")
    yield "closed_one_after", Closed(_AFTER, language, "document")
    for trouble in ("not_enrolled", "no_catalogue", "no_numbers", "storage", "staff"):
        world = replace(OPEN, trouble=trouble)
        yield (
            f"out_of_service_{trouble}",
            OutOfService(world, language, trouble),
        )
    yield "staff_called", StaffCalled(OPEN, language, Home(OPEN, language))
    yield "staff_pin", PinEntry(OPEN, language, "1234")
    yield "staff_pin_wrong", PinEntry(OPEN, language, "", wrong=True)
    yield "staff_menu", StaffMenu(OPEN, language, "A045")
    yield "staff_menu_answered", StaffMenu(OPEN, language, "A045", answer="printed")


def scenes(panel: Panel, language: str, ruler: Ruler) -> Iterator[tuple[str, Scene]]:
    for name, screen in screens(language):
        known = None if name == "out_of_service_no_catalogue" else CATALOGUE
        yield name, Scene(screen, known, load(language), NOON, panel, ruler)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    fonts = Fonts()
    painter = Painter(fonts)
    for which, panel in PANELS.items():
        for language in ("ja", "en"):
            for name, scene in scenes(panel, language, fonts):
                png = render(scene, painter)
                (folder / f"{which}-{language}-{name}.png").write_bytes(png)


if __name__ == "__main__":
    main()
