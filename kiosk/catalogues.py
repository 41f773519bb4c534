"""The cached catalogue, and what the ledger asks of it. On an open transaction."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from kiosk.clock import Moment
from kiosk.database import Connection
from kiosk.files import write_whole
from protocol.catalogue import Catalogue, Series
from protocol.day import opening
from protocol.messages import Lease

HOME_ZONE = "Asia/Tokyo"
"""Until a catalogue says otherwise."""


COPY = "catalogue.json"
"""A second record beside the ledger: a rebuilt ledger must be able to serve alone."""


class BadLease(Exception):
    """The server granted numbers that its own catalogue does not have."""


def write_copy(directory: Path, catalogue: Catalogue, etag: str) -> None:
    """Keep the catalogue outside the ledger too."""
    body = {"etag": etag, "catalogue": catalogue.model_dump(mode="json")}
    write_whole(directory / COPY, json.dumps(body, ensure_ascii=False).encode())


def read_copy(directory: Path) -> tuple[Catalogue, str] | None:
    """The copy; None if there is none or it is damaged: the server has another."""
    try:
        body = json.loads((directory / COPY).read_bytes())
        return Catalogue.model_validate(body["catalogue"]), str(body["etag"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def forget(db: Connection) -> None:
    """Drop the ledger's catalogue; the next round fetches one."""
    db.execute("DELETE FROM documents WHERE name = 'catalogue'")


class Shelf:
    """Keeps the parsed catalogue, as long as the ledger's copy is the same."""

    def __init__(self) -> None:
        self._revision: tuple[str, str] | None = None
        self._catalogue: Catalogue | None = None

    def keep(
        self, db: Connection, catalogue: Catalogue, etag: str, now: Moment
    ) -> None:
        db.execute(
            "INSERT INTO documents (name, etag, body, kept_at)"
            " VALUES ('catalogue', ?, ?, ?) ON CONFLICT (name) DO UPDATE"
            " SET etag = excluded.etag, body = excluded.body,"
            " kept_at = excluded.kept_at",
            (etag, catalogue.model_dump_json(), now.at.isoformat()),
        )

    def catalogue(self, db: Connection) -> Catalogue | None:
        row = db.execute(
            "SELECT etag, kept_at FROM documents WHERE name = 'catalogue'"
        ).fetchone()
        if row is None:
            return None
        revision = (row["etag"], row["kept_at"])
        if revision != self._revision:
            body = db.execute(
                "SELECT body FROM documents WHERE name = 'catalogue'"
            ).fetchone()["body"]
            self._catalogue = Catalogue.model_validate_json(body)
            self._revision = revision
        return self._catalogue

    def etag(self, db: Connection) -> str | None:
        row = db.execute(
            "SELECT etag FROM documents WHERE name = 'catalogue'"
        ).fetchone()
        return None if row is None else str(row["etag"])

    def timezone(self, db: Connection) -> str:
        catalogue = self.catalogue(db)
        return HOME_ZONE if catalogue is None else catalogue.timezone

    def series(self, db: Connection) -> tuple[str, ...]:
        """The series tickets are issued from."""
        catalogue = self.catalogue(db)
        if catalogue is None:
            return ()
        used = {p.series for p in catalogue.issuable()}
        return tuple(s.id for s in catalogue.series if s.id in used)

    def wanted_series(self, db: Connection, at: datetime) -> Iterator[Series]:
        """The series from which tickets may still be issued today."""
        catalogue = self.catalogue(db)
        if catalogue is None:
            return
        wanted = {
            p.series
            for p in catalogue.issuable()
            if opening(p.hours or catalogue.hours, at, catalogue.timezone).state
            in ("open", "before")
        }
        yield from (s for s in catalogue.series if s.id in wanted)

    def must_have(self, db: Connection, lease: Lease) -> None:
        """BadLease unless the catalogue has these numbers."""
        catalogue = self.catalogue(db)
        known = {} if catalogue is None else {s.id: s for s in catalogue.series}
        series = known.get(lease.series)
        if series is None or lease.first > lease.last:
            raise BadLease(f"lease {lease.lease}: no such numbers in {lease.series}")
        if lease.first < series.first or lease.last > series.last:
            raise BadLease(
                f"lease {lease.lease}: {lease.first}–{lease.last} is not in series"
                f" {series.id} ({series.first}–{series.last})"
            )
