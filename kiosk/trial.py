"""The test slip, printed through the real driver while no kiosk runs.

It is no ticket: it has no number, and neither ledger nor server hears of it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from drivers import Outcome, Receipt
from drivers.profile import PROFILES
from kiosk import devices, look
from kiosk import identity as identities
from kiosk.catalogues import read_copy
from kiosk.clock import Moment
from kiosk.database import LedgerBroken, LedgerInUse, LedgerLock, LedgerTooNew
from kiosk.remedies import remedy
from kiosk.settings import Settings
from kiosk.slips import Slips

_WHAT_CAME: Final = {
    Outcome.PRINTED_UNCUT: "the slip is printed and not cut",
    Outcome.HELD: "the printer stopped in the middle of the slip",
    Outcome.UNKNOWN: "nobody knows whether the slip came out",
    Outcome.NOT_SENT: "nothing was printed",
}


class KioskRuns(Exception):
    """The printer is a running kiosk's."""


class NotPrinted(Exception):
    """The slip did not come out whole; the sentence says what to do."""


def print_slip(
    settings: Settings,
    *,
    language: str,
    now: Callable[[], Moment],
    monotonic: Callable[[], float],
) -> str:
    """Print one and say how it went; KioskRuns, NotPrinted.

    The data directory has to be there.
    """
    data = settings.data_dir
    lock = _lock(data)
    try:
        receipt = _print(settings, language, now, monotonic)
    finally:
        lock.release()
    if receipt.outcome is Outcome.PRINTED:
        return f"printed and confirmed (grade {receipt.grade}); nothing was counted"
    came = _WHAT_CAME[receipt.outcome]
    raise NotPrinted(
        f"{came} ({receipt.cause}): {remedy(receipt.cause)}, then try again"
    )


def _lock(data: Path) -> LedgerLock:
    """Held while printing: a kiosk that starts meanwhile would want the printer too."""
    try:
        return LedgerLock(data)
    except LedgerInUse as exc:
        raise KioskRuns(
            "the kiosk is running and has the printer: print the test slip from its"
            " staff corner, or stop the kiosk first"
        ) from exc


def _print(
    settings: Settings,
    language: str,
    now: Callable[[], Moment],
    monotonic: Callable[[], float],
) -> Receipt:
    known = identities.load(settings.data_dir)
    copy = read_copy(settings.data_dir)
    slips = Slips(
        catalogue=lambda: copy[0] if copy else None,
        kiosk_id=known.kiosk_id if known else "",
        profile=PROFILES[settings.printer.profile],
        now=now,
    )
    printer = devices.printer(
        settings.printer,
        now=lambda: now().at,
        monotonic=monotonic,
        on_change=lambda status: None,
        uncut=_uncut(settings.data_dir),
    )
    try:
        receipt = printer.print(slips.test(language), before_first_byte=lambda: None)
        if receipt.outcome is Outcome.HELD:
            # The rest must not come out when somebody puts paper in.
            printer.recover(patience=0.0)
    finally:
        printer.close()
    return receipt


def _uncut(data: Path) -> bool:
    """Whether a stopped kiosk left paper hanging: the slip must not be joined to it."""
    if not look.is_there(data):
        return False
    try:
        return look.counts(data).uncut
    except (LedgerBroken, LedgerTooNew):
        return True  # nobody can say: an empty cut costs a strip of paper
