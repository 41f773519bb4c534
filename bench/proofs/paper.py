"""What a person reads from the sheets that came out of the printer.

It shares no code with what composed them: a ticket is known by the number in its
format, the address in its QR and the address on its last line.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bench.proofs.central import HOST
from bench.proofs.city import LABEL
from drivers.sim.paper import Sheet
from protocol import token

REISSUED = "再発行"
_LABEL = re.compile(LABEL)
_TIME = re.compile(r"\d{1,2}[:時]\d{2}[:分]\d{2}")


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet. `labels` and `serials` (key id, serial) are what can be read whole.

    `marked`: it says 再発行. `whole`: from the number to the last line, of one ticket.
    `time` is the time of issue as printed, empty if there is none.
    """

    labels: tuple[str, ...]
    serials: tuple[tuple[int, int], ...]
    marked: bool
    whole: bool
    torn: bool
    time: str = ""

    @property
    def blank(self) -> bool:
        return not (self.labels or self.serials)


def read(sheet: Sheet) -> Paper:
    """What stands on the sheet; BadToken if a QR holds something else than a token."""
    lines = sheet.lines
    labels = tuple(line.strip() for line in lines if _LABEL.fullmatch(line.strip()))
    serials = tuple(serial_of(address.rsplit("/", 1)[1]) for address in sheet.qr)
    ended = any(HOST in line for line in lines)
    times = [found[0] for line in lines if (found := _TIME.search(line))]
    return Paper(
        labels,
        serials,
        marked=any(REISSUED in line for line in lines),
        whole=bool(labels and serials) and ended and not sheet.torn,
        torn=sheet.torn,
        time=times[0] if times else "",
    )


def read_all(sheets: Iterable[Sheet]) -> tuple[Paper, ...]:
    """Every sheet with something of a ticket on it, oldest first."""
    return tuple(paper for sheet in sheets if not (paper := read(sheet)).blank)


def serial_of(code: str) -> tuple[int, int]:
    """Key id and serial in a ticket's token; BadToken if it is none."""
    told = token.read(code)
    return told.key_id, told.serial
