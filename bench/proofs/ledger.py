"""In which state a killed kiosk left its ticket: read from a copy, only to count."""

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Youngest:
    """The youngest ticket of a ledger; serial 0 and `none` if there is none."""

    serial: int
    state: str


def youngest(data: Path, scratch: Path) -> Youngest:
    """Look at a copy in `scratch`: opening a ledger may change it."""
    if not (data / "ledger.db").exists():
        return Youngest(0, NONE)
    scratch.mkdir(exist_ok=True)
    for name in ("ledger.db", "ledger.db-wal"):
        (scratch / name).unlink(missing_ok=True)
        if (data / name).exists():
            shutil.copyfile(data / name, scratch / name)
    ledger = sqlite3.connect(scratch / "ledger.db")
    try:
        row = ledger.execute(
            "SELECT serial, state FROM tickets ORDER BY serial DESC LIMIT 1"
        ).fetchone()
    except sqlite3.OperationalError:  # killed before the tables were made
        row = None
    finally:
        ledger.close()
    return Youngest(0, NONE) if row is None else Youngest(*row)
