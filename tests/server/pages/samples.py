"""A morning at the shipped city's offices, as page models for the tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from protocol.messages import Finding, KioskState, PrinterState, SyncState
from server.pages.fleet_view import FleetKiosk, FleetPage
from server.pages.staff_view import (
    CounterChoice,
    OfficeChoice,
    StaffPage,
    StaffPanel,
    StaffTicket,
    Target,
)
from server.pages.view import (
    BoardPage,
    Call,
    CongestionPage,
    Figures,
    OfficeFigures,
    OfficeLink,
    TicketPage,
    Wait,
)

NOW = datetime(2026, 4, 1, 1, 23, 45, tzinfo=UTC)
"""10:23:45 in Japan, on the busiest day of the year."""
TOKYO = "Asia/Tokyo"
CHUO = {"ja": "中央区役所", "en": "Chuo Ward Office"}
MOVING = {"ja": "引っこし・住所変更", "en": "Moving, change of address"}
PREAPPLIED = {"ja": "事前申請した方", "en": "Pre-applied online"}
WHERE = {"ja": "1階 市民総合窓口課の前", "en": "Ground floor, in front of the counters"}

PROCEDURES = (
    Figures(
        "certificate",
        {"ja": "証明書", "en": "Certificates"},
        True,
        "A045",
        "A046",
        12,
        Wait(15, 30),
        2,
    ),
    Figures("moving", MOVING, True, "312", "313", 8, Wait(40, 75), 3),
    Figures("preapplied", PREAPPLIED, True, "F07", None, 0, Wait(0, 5), 0),
    Figures(
        "mynumber",
        {"ja": "マイナンバーカード", "en": "My Number Card"},
        True,
        "M118",
        "M121",
        23,
        Wait(120, 150),
        1,
    ),
    Figures(
        "insurance",
        {"ja": "国民健康保険・年金", "en": "Health insurance, pension"},
        True,
        None,
        "501",
        1,
        Wait(0, 20),
        0,
    ),
    Figures(
        "other",
        {"ja": "わからない・その他", "en": "Not sure, other"},
        False,
        None,
        None,
        0,
        None,
        0,
    ),
)
CHUO_FIGURES = OfficeFigures("chuo", CHUO, TOKYO, NOW, PROCEDURES)
OFFICES = tuple(
    OfficeLink(id, {"ja": f"{ja}区役所", "en": f"{id.title()} Ward Office"})
    for id, ja in (
        ("chuo", "中央"),
        ("hanamigawa", "花見川"),
        ("inage", "稲毛"),
        ("wakaba", "若葉"),
        ("midori", "緑"),
        ("mihama", "美浜"),
    )
)


def congestion(*, age: timedelta = timedelta(), chosen: str | None = "chuo"):
    """The page of one office, of two when none is chosen; `age` after its figures."""
    shown = (CHUO_FIGURES,)
    if chosen is None:
        shown += (replace(CHUO_FIGURES, office="mihama", name=OFFICES[-1].name),)
    return CongestionPage(shown, OFFICES, chosen, NOW + age)


def own_ticket(**changes) -> TicketPage:
    """A ticket that waits with five people ahead, or with `changes`."""
    ticket = TicketPage(
        address="/t/0000C000000000000000TEST",
        state="waiting",
        label="312",
        procedure=MOVING,
        office=CHUO,
        where=WHERE,
        phone="043-221-2109",
        counter=None,
        ahead=5,
        wait=Wait(20, 40),
        unprinted=False,
        timezone=TOKYO,
        now=NOW,
    )
    return replace(ticket, **changes)


CALLS = tuple(
    Call(label, counter, NOW - timedelta(seconds=ago))
    for label, counter, ago in (
        ("A045", "3", 4),
        ("312", "5", 25),
        ("M118", "8", 55),
        ("F07", "6", 140),
        ("A044", "2", 170),
    )
)
BOARD = BoardPage(CHUO_FIGURES, CALLS, NOW)


CAN = {
    "waiting": {"call", "transfer", "cancel", "leave"},
    "called": {"absent", "hold", "finish", "transfer", "cancel", "leave", "undo"},
    "absent": {"call", "return", "give_up", "cancel", "leave"},
    "on_hold": {"resume", "return", "transfer", "cancel", "leave"},
}


def staff_ticket(label: str, **changes) -> StaffTicket:
    """A ticket on the console: ordinary, printed, waiting for 12 minutes."""
    ticket = StaffTicket(
        id=f"id-{label}",
        label=label,
        procedure=MOVING,
        state="waiting",
        lane="ordinary",
        print="printed",
        urgent=False,
        overdue=False,
        waited=12,
        counter=None,
        calls=0,
        reason="",
        version=1,
    )
    changed = replace(ticket, **changes)
    can = frozenset(CAN.get(changed.state, ()))
    return changed if "can" in changes else replace(changed, can=can)


PANEL = StaffPanel(
    office="chuo",
    counter="chuo_5",
    number="5",
    open=True,
    current=staff_ticket(
        "F12", state="called", lane="fast_unverified", calls=2, procedure=PREAPPLIED
    ),
    undo_seconds=8,
    waiting=(
        staff_ticket("F13", lane="fast_verified", next=True, procedure=PREAPPLIED),
        staff_ticket("313", waited=47, overdue=True),
        staff_ticket("314", print="held", waited=40),
        staff_ticket("F14", lane="fast_unverified", waited=3, procedure=PREAPPLIED),
        staff_ticket("315", print="unknown", waited=9),
        *(staff_ticket(str(number), waited=320 - number) for number in range(316, 320)),
    ),
    more=0,
    absent=(staff_ticket("309", state="absent", calls=3, waited=62),),
    held=(
        staff_ticket(
            "305", state="on_hold", counter="5", reason="書類の記入", waited=80
        ),
        staff_ticket("F09", state="on_hold", lane="fast_verified", waited=55),
    ),
    elsewhere=(staff_ticket("311", state="serving", counter="6", waited=50),),
    timezone=TOKYO,
    now=NOW,
)
CHOICES = (
    OfficeChoice(
        "chuo",
        CHUO,
        tuple(
            CounterChoice(f"chuo_{n}", str(n), (MOVING, PREAPPLIED), n < 3)
            for n in range(1, 7)
        ),
    ),
)
TARGETS = (
    Target("moving", MOVING, {}, ("3", "4")),
    Target(
        "mynumber_renewal",
        {"ja": "更新・暗証番号", "en": "Renewal, PIN"},
        {"ja": "マイナンバーカード", "en": "My Number Card"},
        ("2", "6"),
    ),
)
CONSOLE = StaffPage("hanako", CHUO, CHOICES, PANEL, NOW, TARGETS)


def kiosk_state(**changes) -> KioskState:
    """A kiosk in the best of health, or with `changes`."""
    state = KioskState(
        kiosk_id="chuo-1",
        office="chuo",
        boot_id="b",
        version="0.1.0",
        uptime_s=3600,
        clock_trust="ntp",
        screen="home",
        printer=PrinterState(level="ok", code="", paper="ok", since=NOW),
        scanner="ok",
        sync=SyncState(online=True, pending=0, dead=0, last_ack_at=NOW),
        numbers={"ordinary": 40, "fast": 25},
        tickets_today=312,
        findings=(),
        cpu_temp_c=51.0,
        throttled=None,
        disk_free_mb=9000,
        rss_mb=120,
    )
    return state.model_copy(update=changes)


def fleet_kiosk(name: str, *, seen_ago: int = 4, trouble: str = "", **changes):
    """One kiosk that answered `seen_ago` seconds ago with `changes` to its state."""
    state = kiosk_state(kiosk_id=name, **changes)
    return FleetKiosk(name, CHUO, state, NOW - timedelta(seconds=seen_ago), trouble)


FLEET = FleetPage(
    (
        fleet_kiosk("chuo-1"),
        fleet_kiosk(
            "chuo-2",
            printer=PrinterState(
                level="fault", code="paper_end", paper="end", since=NOW
            ),
            findings=(
                Finding(
                    code="paper", level="fault", text="用紙がありません。", since=NOW
                ),
            ),
        ),
        fleet_kiosk("mihama-1", seen_ago=400, trouble="接続できません(時間切れ)。"),
        FleetKiosk("midori-1", CHUO, None, None, "not asked yet", asked=False),
        fleet_kiosk(
            "inage-1", sync=SyncState(online=False, pending=41, dead=0, last_ack_at=NOW)
        ),
    ),
    TOKYO,
    "gijutsu",
    NOW,
)
