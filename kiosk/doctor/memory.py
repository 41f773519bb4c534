"""Settings, data directory, ledger, identity, clock: what the kiosk remembers by."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk import identity as identities
from kiosk import look
from kiosk.book import NumberBook
from kiosk.core.numbers import TRUSTED
from kiosk.database import LedgerBroken, LedgerTooNew
from kiosk.doctor.verdict import Verdict, fault, ok, warn
from kiosk.identity import BadIdentity, Identity
from protocol.messages import ClockTrust

LITTLE_MB: Final = 200.0
NO_ROOM_MB: Final = 20.0
"""MiB. A busy day takes about five; below that the kiosk may stop in mid-day."""

MEMORY, SPACE, LEDGER = "data", "space", "ledger"


def data_directory(directory: Path) -> Verdict:
    """Can be written, belongs with all in it to one user, who alone may read it."""
    if not directory.is_dir():
        return fault(
            MEMORY,
            f"{directory} is not there: make it and give it to the kiosk's user"
            " (systemd-tmpfiles --create), or correct data_dir in the settings",
        )
    try:
        with tempfile.TemporaryFile(dir=directory) as probe:
            probe.write(b"whole")
            probe.flush()
    except PermissionError as exc:
        return fault(MEMORY, _not_ours(exc))
    except OSError as exc:
        return fault(
            MEMORY, f"{directory} cannot be written ({exc.strerror}): check the card"
        )
    about = directory.stat()
    strangers = sorted(p.name for p in directory.iterdir() if _owner(p) != about.st_uid)
    if strangers:
        return fault(
            MEMORY,
            f"{', '.join(strangers)} in {directory} belong to another user:"
            f" chown -R --reference={directory} {directory}",
        )
    if about.st_mode & 0o077:
        return warn(MEMORY, f"others may read {directory}: chmod 700 {directory}")
    return ok(MEMORY, f"{directory} can be written")


def _not_ours(exc: PermissionError) -> str:
    return f"{exc.filename} is another user's: run this with sudo"


def _owner(path: Path) -> int:
    return path.lstat().st_uid


def space(directory: Path, free_mb: Callable[[Path], float]) -> Verdict:
    """Room on the data partition."""
    free = free_mb(directory)
    room = f"{free:.0f} MiB free for {directory}"
    aside = sorted(directory.glob("ledger-corrupt-*.db"))
    if free < NO_ROOM_MB:
        return fault(SPACE, f"{room}: free some before tickets stop")
    if free < LITTLE_MB:
        return warn(SPACE, f"{room}: free some")
    if aside:
        return warn(
            SPACE,
            f"{room}; {aside[-1].name} was set aside after a fault:"
            " keep it for support, then delete it",
        )
    return ok(SPACE, room)


def ledger(directory: Path) -> Verdict:
    """Sound from end to end, and knows every ticket of the number book."""
    try:
        if not look.is_there(directory):
            return ok(LEDGER, "none yet: the first start begins one")
        look.prove_sound(directory)
        missing = _missing(directory)
        counts = look.counts(directory)
    except (LedgerBroken, LedgerTooNew) as exc:
        return fault(LEDGER, str(exc))
    except PermissionError as exc:
        return fault(LEDGER, _not_ours(exc))
    except ValueError as exc:
        return fault(LEDGER, f"damaged ({exc}); restart the kiosk to recover it")
    if missing:
        return fault(
            LEDGER,
            f"{missing} tickets of the number book are not in it:"
            " restart the kiosk to recover it",
        )
    if counts.dead:
        return warn(
            LEDGER,
            f"sound; the server refused {len(counts.dead)} events, the last one saying"
            f" {counts.dead[-1].title!r}: settle them on its fleet page",
        )
    return ok(LEDGER, f"sound, {counts.pending} events to tell the server")


def _missing(directory: Path) -> int:
    """Tickets the book has and the ledger has not.

    The book is read first: a running kiosk writes the ledger first, so nothing can be
    missing that came in between.
    """
    noted = {str(n.issued.ticket_id) for n in NumberBook(directory).read().tickets}
    return len(noted - look.ticket_ids(directory))


def identity(directory: Path) -> tuple[Verdict, Identity | None]:
    """What enrolment gave."""
    try:
        known = identities.load(directory)
    except BadIdentity as exc:
        return fault("identity", str(exc)), None
    except PermissionError as exc:
        return fault("identity", _not_ours(exc)), None
    if known is None:
        return (
            fault(
                "identity",
                "not enrolled: make a code with seiriken-server enrol, then run"
                " seiriken-kiosk provision --code CODE",
            ),
            None,
        )
    name = f"{known.kiosk_id} in {known.office}"
    if known.restored:
        return (
            warn(
                "identity",
                f"{name}, taken from the copy: {identities.NAME} is damaged or gone,"
                f" copy {identities.LAST_GOOD} over it",
            ),
            known,
        )
    return ok("identity", name), known


def clock(trust: ClockTrust) -> Verdict:
    """Whether the time may stand on a ticket."""
    if trust in TRUSTED:
        return ok("clock", f"vouched for by {trust}")
    return warn(
        "clock",
        f"the time is not vouched for ({trust}) and is left out on tickets: reach the"
        " server or an NTP server, or fit a clock chip with a battery",
    )
