"""What the database holds. The catalogue is not in here: its files are the source.

`events` is the truth of every ticket and only ever grows; `tickets` is its projection,
written in the same transaction and rebuilt from the events by `seiriken-server replay`.
Secrets of others (credentials, codes, sessions, passwords) are stored as hashes only.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite keeps it as fixed-width ISO text with offset."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        utc = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return utc
        return utc.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(value)


# SQLite counts only an INTEGER PRIMARY KEY by itself.
Sequence = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("office", String(40), nullable=False),
    Column("business_day", Date, nullable=False),
    Column("ticket_id", Uuid, nullable=True),
    Column("leg", Integer, nullable=False),
    Column("type", String(32), nullable=False),
    Column("from_state", String(16)),
    Column("to_state", String(16)),
    Column("actor", String(80), nullable=False),
    Column("device", String(80)),
    Column("counter", String(40)),
    Column("at", Instant, nullable=False),
    Column("device_at", Instant),
    Column("idempotency_key", String(200)),
    Column("reason", Text, nullable=False, server_default=""),
    Column("payload", JSON, nullable=False),
    Index("events_of_ticket", "ticket_id", "seq"),
    Index("events_of_day", "office", "business_day", "seq"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("office", String(40), nullable=False),
    Column("day", Date, nullable=False),
    Column("procedure", String(40), nullable=False),
    Column("group", String(40), nullable=False),
    Column("series", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("label", String(16), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("order_key", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("language", String(16), nullable=False),
    Column("kiosk", String(80)),
    Column("key_id", Integer),
    Column("serial", BigInteger),
    Column("state", String(16), nullable=False),
    Column("print", String(16), nullable=False),
    Column("preapplied", Boolean, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("counter", String(40)),
    Column("calls", Integer, nullable=False),
    Column("called_at", Instant),
    Column("announced_at", Instant),
    Column("appeared_at", Instant),
    Column("ended_at", Instant),
    Column("before", String(16)),
    Column("hold_owner", String(40)),
    Column("hold_reason", Text, nullable=False),
    Column("hold_until", Instant),
    Column("note", Text, nullable=False),
    Column("previous_call_at", Instant),
    Column("return_procedure", String(40)),
    Column("return_group", String(40)),
    Column("leg", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("rule", String(32), nullable=False),
    Index("tickets_of_day", "office", "day", "state"),
    Index("tickets_of_token", "key_id", "serial", unique=True),
)

_OPEN = text("state IN ('waiting', 'called', 'serving', 'absent', 'on_hold')")
_AT_COUNTER = text("state IN ('called', 'serving')")
Index(
    "one_open_ticket_per_number",
    tickets.c.office,
    tickets.c.series,
    tickets.c.number,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index(
    "one_ticket_per_counter",
    tickets.c.counter,
    unique=True,
    sqlite_where=_AT_COUNTER,
    postgresql_where=_AT_COUNTER,
)

closed_days = Table(
    "closed_days",
    metadata,
    Column("office", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("closed_at", Instant, nullable=False),
)

group_runs = Table(
    "group_runs",
    metadata,
    Column("office", String(40), primary_key=True),
    Column("group", String(40), primary_key=True),
    Column("day", Date, nullable=False),
    Column("run", Integer, nullable=False),
)

series_cursors = Table(
    "series_cursors",
    metadata,
    Column("office", String(40), primary_key=True),
    Column("series", String(40), primary_key=True),
    Column("day", Date, nullable=False),
    Column("cursor", Integer, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid, nullable=False),
    Column("kiosk", String(80), nullable=False),
    Column("office", String(40), nullable=False),
    Column("series", String(40), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("day", Date),
    Column("granted_at", Instant, nullable=False),
    # What is still the kiosk's: shrinks when the rest of a run is given back.
    Column("held_first", Integer, nullable=False),
    Column("held_last", Integer, nullable=False),
    Column("ended_at", Instant),
    UniqueConstraint("kiosk", "request_id", name="one_lease_per_request"),
    Index("leases_of_series", "office", "series", "ended_at"),
)

kiosks = Table(
    "kiosks",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("office", String(40), nullable=False),
    Column("key_id", Integer, nullable=False, unique=True),
    Column("credential_hash", LargeBinary, nullable=False, unique=True),
    Column("token_key", LargeBinary, nullable=False),
    Column("agent_address", Text, nullable=False),
    Column("state_token", Text, nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("last_issued_at", Instant),
    Column("last_seen_at", Instant),
    Column("last_ack", BigInteger, nullable=False, server_default="0"),
)

# A kiosk that is enrolled anew gets a new key; tickets of its old one still verify.
token_keys = Table(
    "token_keys",
    metadata,
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("kiosk", String(80), nullable=False),
    Column("office", String(40), nullable=False),
    Column("key", LargeBinary, nullable=False),
)

kiosk_states = Table(
    "kiosk_states",
    metadata,
    Column("kiosk", String(80), primary_key=True),
    Column("asked_at", Instant, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("error", Text, nullable=False),
    Column("round_trip_ms", Float),
    Column("state", JSON),
    Column("state_at", Instant),
    Column("sent", Boolean, nullable=False),
)

kiosk_events = Table(
    "kiosk_events",
    metadata,
    Column("kiosk", String(80), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("received_at", Instant, nullable=False),
    Column("refused", Text),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("kiosk", String(80), nullable=False),
    Column("office", String(40), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    Column("event", JSON, nullable=False),
    Column("settled_at", Instant),
)

help_calls = Table(
    "help_calls",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("office", String(40), nullable=False),
    Column("kiosk", String(80), nullable=False),
    Column("reason", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(80)),
    Index("help_calls_of_kiosk", "kiosk", "reason", "id"),
    Index("help_calls_of_office", "office", "ended_at"),
)

enrol_codes = Table(
    "enrol_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("kiosk", String(80), nullable=False),
    Column("office", String(40), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("sealed_answer", LargeBinary),
)

users = Table(
    "users",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("office", String(40)),
    Column("salt", LargeBinary, nullable=False),
    Column("password_hash", LargeBinary, nullable=False),
    Column("disabled_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user", String(80), nullable=False),
    Column("expires_at", Instant, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("scope", String(100), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Index("answers_by_age", "at"),
)

counters = Table(
    "counters",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("office", String(40), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("user", String(80)),
    Column("changed_at", Instant, nullable=False),
)

commands = Table(
    "commands",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kiosk", String(80), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("ticket_id", Uuid),
    Column("series", String(40)),
    Column("ordered_by", String(80), nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("ok", Boolean),
    Column("detail", Text, nullable=False, server_default=""),
    Index("commands_of_kiosk", "kiosk", "done_at"),
)

server_keys = Table(
    "server_keys",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("public", LargeBinary, nullable=False),
)
