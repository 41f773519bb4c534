-- The kiosk's ledger, version 1. Instants are ISO 8601 text in UTC, days are YYYY-MM-DD.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers that are this kiosk's alone: a run on its `day`, a reserve on every day.
-- The rowid keeps the order they were granted in. `ended`: why it is no longer used.
CREATE TABLE leases (
    lease   TEXT PRIMARY KEY,
    series  TEXT NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN ('run', 'reserve')),
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL CHECK (first <= last),
    day     TEXT CHECK (kind = 'reserve' OR day IS NOT NULL),
    ended   TEXT CHECK (ended IN ('returned', 'withdrawn', 'past', 'spent')),
    ended_on TEXT
) STRICT;

-- What was asked of the server and not yet answered: a lost answer is asked for again
-- under the same id, so that no numbers leak away.
CREATE TABLE lease_requests (
    request_id TEXT PRIMARY KEY,
    series     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    count      INTEGER NOT NULL,
    day        TEXT NOT NULL,
    UNIQUE (series, kind)
) STRICT;

-- One row per touch that got a number. `ticket_id` is made at the touch.
CREATE TABLE tickets (
    ticket_id   TEXT PRIMARY KEY,
    serial      INTEGER NOT NULL UNIQUE,
    lease       TEXT NOT NULL REFERENCES leases (lease),
    day         TEXT NOT NULL,
    series      TEXT NOT NULL,
    number      INTEGER NOT NULL,
    label       TEXT NOT NULL,
    procedure   TEXT NOT NULL,
    preapplied  INTEGER NOT NULL,
    verified    INTEGER NOT NULL,
    language    TEXT NOT NULL,
    issued_at   TEXT NOT NULL,
    clock_trust TEXT NOT NULL,
    shown_low   INTEGER,
    shown_high  INTEGER,
    state       TEXT NOT NULL CHECK (state IN (
        'INTENT', 'SENT', 'PRINTED', 'PRINTED_UNCUT', 'HELD', 'UNKNOWN', 'NOT_SENT',
        'ON_SCREEN')),
    changed_at  TEXT NOT NULL,
    copy_number INTEGER NOT NULL DEFAULT 0,
    cause       TEXT NOT NULL DEFAULT '',
    voided      TEXT CHECK (voided IN ('visitor', 'not_sent', 'staff')),
    UNIQUE (lease, day, number)
) STRICT;
CREATE INDEX tickets_by_day ON tickets (day);
CREATE INDEX tickets_unresolved ON tickets (state)
    WHERE state IN ('INTENT', 'SENT', 'HELD') AND voided IS NULL;

-- What the server has to hear. Acknowledged rows stay some days: a server restored from
-- yesterday's backup is told again.
CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT NOT NULL,
    body    TEXT NOT NULL,
    at      TEXT NOT NULL,
    acked_at TEXT,
    refused TEXT
) STRICT;
CREATE INDEX journal_unsent ON journal (seq) WHERE acked_at IS NULL;
CREATE INDEX journal_refused ON journal (seq) WHERE refused IS NOT NULL;

-- Commands of the server, so that each is carried out once.
CREATE TABLE commands (
    command_id TEXT PRIMARY KEY,
    begun_at   TEXT NOT NULL,
    done_at    TEXT
) STRICT;

-- The last good catalogue, for mornings without network.
CREATE TABLE documents (
    name TEXT PRIMARY KEY,
    etag TEXT NOT NULL,
    body TEXT NOT NULL,
    kept_at TEXT NOT NULL
) STRICT;
