"""What a technician does about each fault of the printer (pure)."""

from collections.abc import Mapping
from typing import Final

from drivers import Cause

_TO_DO: Final[Mapping[str, str]] = {
    Cause.PAPER_END: "put in a new roll",
    Cause.COVER_OPEN: "close its cover",
    Cause.CUTTER: "remove the paper from its cutter, open and close the cover",
    Cause.ERROR: "switch it off and on; if that does not help, call its maker",
    Cause.OFFLINE: "press its feed button, or switch it off and on",
    Cause.SILENT: "look at it: it takes data and answers nothing",
    Cause.NO_LINK: "is it switched on, is its cable in, is [printer] right?",
}


def remedy(cause: str) -> str:
    """For a code of the driver or of the kiosk state, be it of a later version."""
    return _TO_DO.get(cause, "look at it")
