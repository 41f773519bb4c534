"""The kiosk protocol, version 1: everything under `/api/kiosk/v1`, and the kiosk state.

Times are aware and travel in UTC. A reader ignores fields it does not know.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from protocol.message import Instant, Message, Slug


class BadMessage(ValueError):
    """A message that does not follow the protocol; says which field and why."""


PrintState = Literal[
    "not_required", "pending", "printed", "printed_uncut", "held", "unknown", "not_sent"
]
"""The print sub-state of a ticket. Callable: see `CALLABLE_PRINT`."""

CALLABLE_PRINT: frozenset[PrintState] = frozenset(
    {"not_required", "printed", "printed_uncut", "unknown"}
)

ClockTrust = Literal["none", "saved", "server", "ntp", "rtc"]


class Enrol(Message):
    """A kiosk presents its one-time code and the address its agent answers at."""

    code: str
    agent_address: str = Field(pattern=r"^https?://[^\s/]+/?$")


class Enrolled(Message):
    """What the kiosk keeps. `token_key` and `server_public_key` are base64."""

    kiosk_id: str
    office: str
    key_id: Annotated[int, Field(ge=0, le=65535)]
    credential: str
    token_key: str
    server_public_key: str
    state_token: str


LeaseKind = Literal["run", "reserve"]


class LeaseRequest(Message):
    """`request_id` makes it idempotent: the same id gets the same lease again."""

    request_id: UUID
    series: Slug
    count: Annotated[int, Field(ge=1, le=999)]
    kind: LeaseKind


class Lease(Message):
    """Numbers `first` to `last` for one kiosk: a run for `day`, a reserve always."""

    lease: UUID
    series: Slug
    kind: LeaseKind
    first: int
    last: int
    day: date | None = None


class _Event(Message):
    at: Instant
    clock_trust: ClockTrust = "none"


class TicketIssued(_Event):
    """Written with the number, before any byte goes to the printer."""

    kind: Literal["ticket_issued"] = "ticket_issued"
    ticket_id: UUID
    serial: Annotated[int, Field(ge=0, lt=1 << 40)]
    series: Slug
    number: Annotated[int, Field(ge=1)]
    label: str
    procedure: Slug
    preapplied: bool
    verified: bool
    language: str
    lease: UUID | None = None
    shown_low: int | None = None
    shown_high: int | None = None


class PrintOutcome(_Event):
    """What became of the paper; `copy_number` counts the reprints (再発行)."""

    kind: Literal["print_outcome"] = "print_outcome"
    ticket_id: UUID
    outcome: PrintState
    cause: str = ""
    grade: str = ""
    copy_number: int = 0


class TicketVoided(_Event):
    """The visitor cancelled at the kiosk, or no paper came and none was wanted."""

    kind: Literal["ticket_voided"] = "ticket_voided"
    ticket_id: UUID
    reason: Literal["visitor", "not_sent", "staff"]


class LeaseReturned(_Event):
    """The rest of a run, given back at closing: `first` to `last` were not used."""

    kind: Literal["lease_returned"] = "lease_returned"
    lease: UUID
    first: int
    last: int


class CommandDone(_Event):
    """The answer to a command of the server."""

    kind: Literal["command_done"] = "command_done"
    command_id: UUID
    ok: bool
    detail: str = ""


class StaffCalled(_Event):
    """Somebody at the kiosk wants help: a button, or a fault that needs hands."""

    kind: Literal["staff_called"] = "staff_called"
    reason: str


class LedgerRecovered(_Event):
    """The ledger file was corrupt and set aside; the number book carried on."""

    kind: Literal["ledger_recovered"] = "ledger_recovered"
    quarantined: str
    restored_tickets: int


AnyEvent = Annotated[
    TicketIssued
    | PrintOutcome
    | TicketVoided
    | LeaseReturned
    | CommandDone
    | StaffCalled
    | LedgerRecovered,
    Field(discriminator="kind"),
]
_ANY_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


def decode_event(event: JsonValue) -> AnyEvent:
    """Read one event of a batch; BadMessage says what is wrong with it."""
    try:
        return _ANY_EVENT.validate_python(event)
    except ValidationError as exc:
        raise BadMessage(sentence_of(exc)) from exc


def sentence_of(exc: ValidationError) -> str:
    """The first fault of a validation, as `field: reason`."""
    first = exc.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


class Batch(Message):
    """Events stay unread in here: one bad event must not stop those behind it.

    Each is an object with `seq` (1, 2, … per kiosk), `kind`, `at` and its own fields.
    """

    events: tuple[dict[str, JsonValue], ...] = Field(max_length=1000)


class Refused(Message):
    seq: int
    title: str


class Acknowledged(Message):
    """`ack` is the highest sequence number dealt with, refused ones included."""

    ack: int
    refused: tuple[Refused, ...] = ()


class WaitRange(Message):
    """Minutes, 10 % to 90 %, rounded outwards to 5."""

    low: int
    high: int


class ProcedureFigures(Message):
    """What a kiosk's button shows. `waiting` counts callable tickets in `waiting`."""

    waiting: int
    wait_minutes: WaitRange | None
    suspended: dict[str, str] | None = None


class Figures(Message):
    as_of: Instant
    procedures: dict[str, ProcedureFigures]


class Command(Message):
    """What the server wants of a kiosk; answered by the event `command_done`."""

    command_id: UUID
    kind: Literal[
        "reprint", "void", "refresh_catalogue", "return_leases", "withdraw_reserve"
    ]
    ticket_id: UUID | None = None
    series: str | None = None


class Commands(Message):
    commands: tuple[Command, ...]


class PrinterState(Message):
    level: Literal["ok", "warn", "fault", "unknown"]
    code: str
    paper: Literal["ok", "near_end", "end", "unknown"]
    since: Instant


class SyncState(Message):
    online: bool
    pending: int
    dead: int
    last_ack_at: Instant | None


class Finding(Message):
    """One thing a technician should know; `code` is stable, `text` is for people."""

    code: str
    level: Literal["info", "warn", "fault"]
    text: str
    since: Instant


class KioskState(Message):
    """The document a central server polls (`GET /state`)."""

    model_config = ConfigDict(
        frozen=True, populate_by_name=True, serialize_by_alias=True
    )

    schema_version: int = Field(default=1, alias="schema")
    kiosk_id: str
    office: str
    boot_id: str
    version: str
    uptime_s: float
    clock_trust: ClockTrust
    screen: str
    printer: PrinterState
    scanner: str
    sync: SyncState
    numbers: dict[str, int]
    tickets_today: int
    findings: tuple[Finding, ...]
    cpu_temp_c: float | None
    throttled: str | None
    disk_free_mb: float
    rss_mb: float
