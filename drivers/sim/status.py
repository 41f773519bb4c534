"""What the printer says about itself, as bytes: DLE EOT, ASB, GS r, GS I.

The bits are those of the makers' manuals: DLE EOT bytes read `0xx1xx10`, the first ASB
byte `0xx1xx00`, all others `0xx0xxxx`. Pure.
"""

from dataclasses import dataclass
from typing import Final

CLEARED: Final = bytes.fromhex("372500")
"""The answer to DLE DC4 fn 8."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What the printer's sensors say at one moment."""

    cover_open: bool = False
    near_end: bool = False
    paper_end: bool = False
    cutter_error: bool = False
    opened_while_printing: bool = False

    @property
    def online(self) -> bool:
        return not (self.cover_open or self.paper_end or self.cutter_error)


def realtime(n: int, now: Condition) -> bytes:
    """The answer to DLE EOT n; nothing for an n this model does not know."""
    error = now.cutter_error or now.opened_while_printing
    match n:
        case 1:  # 04: the drawer's pin reads high, as without a drawer
            return bytes([0x16 | 0x08 * (not now.online)])
        case 2:
            bits = 0x04 * now.cover_open | 0x20 * now.paper_end | 0x40 * error
        case 3:
            bits = 0x08 * now.cutter_error | 0x40 * now.opened_while_printing
        case 4:
            bits = 0x0C * (now.near_end or now.paper_end) | 0x60 * now.paper_end
        case _:
            return b""
    return bytes([0x12 | bits])


def automatic(now: Condition) -> bytes:
    """The four bytes of Automatic Status Back."""
    return bytes(
        [
            0x14 | 0x08 * (not now.online) | 0x20 * now.cover_open,
            0x08 * now.cutter_error | 0x40 * now.opened_while_printing,
            0x03 * (now.near_end or now.paper_end) | 0x0C * now.paper_end,
            0x0F,
        ]
    )


def watched(mask: int, now: Condition) -> tuple[object, ...]:
    """What `GS a mask` asked to be told about; a change in it sends a report."""
    seen: list[object] = []
    if mask & 0x02:
        seen += [now.online, now.cover_open]
    if mask & 0x04:
        seen += [now.cutter_error, now.opened_while_printing]
    if mask & 0x08:
        seen += [now.near_end, now.paper_end]
    return tuple(seen)


def queued(n: int, now: Condition) -> bytes:
    """The answer to GS r n: 1 paper, 2 drawer."""
    match n:
        case 1 | 49:
            return automatic(now)[2:3]
        case 2 | 50:
            return b"\x01"
        case _:
            return b""


def identity(n: int, *, maker: str, model: str) -> bytes:
    """The answer to GS I n: one byte, or a text between 5F and 00."""
    texts = {65: "1.0", 66: maker, 67: model, 68: "VP80-000001", 69: "KANJI JAPANESE"}
    if n in texts:
        return b"\x5f" + texts[n].encode("ascii") + b"\x00"
    numbers = {1: 0x20, 2: 0x03, 3: 0x01}  # 2: has two-byte characters and a cutter
    number = numbers.get(n & 0x0F if n in (49, 50, 51) else n)
    return b"" if number is None else bytes([number])


def fence(name: bytes) -> bytes:
    """The answer to GS ( H fn 48: everything before this mark is on paper."""
    return b"\x37\x22" + name + b"\x00"
