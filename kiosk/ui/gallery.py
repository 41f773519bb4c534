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
    id: str,
    name: tuple[str, str],
    example: tuple[str, str],
    where: tuple[str, str],
    **more: object,
) -> Procedure:
    return Procedure.model_validate(
        {
            "id": id,
            "name": {"ja": name[0], "en": name[1]},
            "example": {"ja": example[0], "en": example[1]},
            "where": {
                "ja": f"{where[0]}お待ちください",
                "en": f"Please wait {where[1]}",
            },
            "pictogram": id,
            "series": id,
            "group": "main",
            **more,
        }
    )


def _catalogue() -> Catalogue:
    card = ("マイナンバーカード窓口の前で", "near the My Number Card counters")
    procedures = (
        _procedure(
            "document",
            ("証明書", "Certificates"),
            ("住民票・戸籍・印鑑証明", "Residence, family register, seal"),
            ("証明書窓口の前で", "near the certificates counters"),
        ),
        _procedure(
            "moving",
            ("引っこし・住所変更", "Moving, change of address"),
            (
                "転入・転出・転居・世帯変更(住民異動)",
                "Moving in, out or within the city",
            ),
            ("住民異動窓口の前で", "near the resident registration counters"),
        ),
        _procedure(
            "card",
            ("マイナンバーカード", "My Number Card"),
            ("受け取り・更新・申請", "Pick up, renew, apply"),
            card,
            series=None,
            group=None,
        ),
        _procedure(
            "insurance",
            ("国民健康保険・年金", "Health insurance, pension"),
            (
                "加入・やめる・保険料・国民年金",
                "Join, leave, premiums, national pension",
            ),
            ("保険年金窓口の前で", "near the insurance counters"),
            suspended={
                "ja": "システムの点検のため、午後1時から受付します。",
                "en": "Because of maintenance we start again at 1 pm.",
            },
        ),
        _procedure(
            "preapplied",
            ("事前申請した方", "Already applied online"),
            (
                "引っこしをインターネットで申請した方",
                "You applied for your move online",
            ),
            ("住民異動窓口の前で", "near the resident registration counters"),
            preapplied=True,
        ),
        _procedure(
            "question",
            ("わからない・相談", "Not sure, questions"),
            ("どれを押すかわからない方", "You do not know which to press"),
            ("総合案内の前で", "near the information desk"),
        ),
        _procedure(
            "card_pickup",
            ("カードの受け取り", "Pick up a card"),
            ("交付通知書が届いた方", "You have received a notice"),
            card,
            parent="card",
        ),
        _procedure(
            "card_renewal",
            ("更新・暗証番号", "Renewal, PIN"),
            ("電子証明書の更新・暗証番号の再設定", "Renew certificates, reset a PIN"),
            card,
            parent="card",
        ),
        _procedure(
            "card_apply",
            ("カードの申請", "Apply for a card"),
            ("はじめての申請・紛失", "First card, lost card"),
            card,
            parent="card",
        ),
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
    yield "home_no_paper", Home(replace(OPEN, printer="paper_end"), language)
    yield "staff_pin_wrong", PinEntry(OPEN, language, "", wrong=True)
    resting = PinEntry(OPEN, language, "", wrong=True, resting=True)
    yield "staff_pin_resting", resting
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
