"""The print modes a host can set, and the commands that do nothing but set them.

`changed` is a table in the shape of a function: modes and a command in, modes out.
Pure.
"""

from dataclasses import dataclass, replace
from typing import Final

from drivers.sim.charset import Codes
from drivers.sim.language import Command, word
from drivers.sim.marks import PLAIN, Style

LINE_SPACING: Final = 30
FONTS: Final = ((12, 24), (9, 17))
"""Cells of font A and B, in dots."""
KANJI_FONTS: Final = ((24, 24), (20, 24), (16, 16))


@dataclass(frozen=True, slots=True)
class Modes:
    """Everything ESC @ sets back; `kanji` styles two-byte characters."""

    codes: Codes
    plain: Style = PLAIN
    kanji: Style = PLAIN
    font: int = 0
    kanji_font: int = 0
    align: int = 0
    spacing: int = LINE_SPACING
    gap: int = 0
    kanji_gaps: tuple[int, int] = (0, 0)
    left: int = 0
    area: int | None = None
    tabs: tuple[int, ...] = ()
    upside_down: bool = False

    def both(self, **style: object) -> "Modes":
        """The same change to one-byte and two-byte characters."""
        return replace(
            self,
            plain=replace(self.plain, **style),  # type: ignore[arg-type]  # field names
            kanji=replace(self.kanji, **style),  # type: ignore[arg-type]
        )


def changed(modes: Modes, command: Command) -> Modes | None:
    """The modes after `command`; None if it is not a setting."""
    found = _characters(modes, command) or _placing(modes, command)
    return found or _codes(modes, command)


def _characters(modes: Modes, command: Command) -> Modes | None:
    n = command.data[0] if command.data else 0
    match command.name:
        case "GS !":
            return modes.both(width=(n >> 4 & 7) + 1, height=(n & 7) + 1)
        case "ESC E" | "ESC G":
            return modes.both(bold=bool(n & 1))
        case "GS B":
            return modes.both(inverse=bool(n & 1))
        case "GS b":
            return modes.both(smooth=bool(n & 1))
        case "ESC -":
            plain = replace(modes.plain, underline=_underline(n))
            return replace(modes, plain=plain)
        case "FS -":
            kanji = replace(modes.kanji, underline=_underline(n))
            return replace(modes, kanji=kanji)
        case "ESC !":
            plain = replace(
                modes.plain,
                bold=bool(n & 0x08),
                height=2 if n & 0x10 else 1,
                width=2 if n & 0x20 else 1,
                underline=1 if n & 0x80 else 0,
            )
            kanji = replace(modes.kanji, bold=plain.bold)
            return replace(modes, plain=plain, kanji=kanji, font=n & 1)
        case "FS !":
            kanji = replace(
                modes.kanji,
                width=2 if n & 0x04 else 1,
                height=2 if n & 0x08 else 1,
                underline=1 if n & 0x80 else 0,
            )
            return replace(modes, kanji=kanji)
        case "FS W":
            size = 2 if n & 1 else 1
            return replace(modes, kanji=replace(modes.kanji, width=size, height=size))
        case "ESC M":
            return replace(modes, font=1 if n in (1, 49) else 0)
        case _:
            return None


def _underline(n: int) -> int:
    return n & 0x0F if n in (0, 1, 2, 48, 49, 50) else 0


def _placing(modes: Modes, command: Command) -> Modes | None:
    data = command.data
    match command.name:
        case "ESC a":
            return replace(modes, align=data[0] & 0x0F if data[0] & 0x0F < 3 else 0)
        case "ESC 2":
            return replace(modes, spacing=LINE_SPACING)
        case "ESC 3":
            return replace(modes, spacing=data[0])
        case "ESC  ":  # ESC SP n
            return replace(modes, gap=data[0])
        case "FS S":
            return replace(modes, kanji_gaps=(data[0], data[1]))
        case "GS L":
            return replace(modes, left=word(data, 0))
        case "GS W":
            return replace(modes, area=word(data, 0))
        case "ESC D":
            return replace(modes, tabs=tuple(data[:-1]))
        case "ESC {":
            return replace(modes, upside_down=bool(data[0] & 1))
        case _:
            return None


def _codes(modes: Modes, command: Command) -> Modes | None:
    data, codes = command.data, modes.codes
    match command.name:
        case "ESC t":
            return replace(modes, codes=replace(codes, page=data[0]))
        case "ESC R":
            return replace(modes, codes=replace(codes, country=data[0]))
        case "FS &":
            return replace(modes, codes=replace(codes, kanji_mode=True))
        case "FS .":
            return replace(modes, codes=replace(codes, kanji_mode=False))
        case "FS C":
            return replace(modes, codes=replace(codes, system=data[0] & 0x0F))
        case "FS (":
            return _extended(modes, data)
        case _:
            return None


def _extended(modes: Modes, data: bytes) -> Modes:
    """FS ( A picks the kanji font, FS ( C fn 48 the encoding; others change nothing."""
    letter, m = data[0:1], data[-1] & 0x0F
    if letter == b"A" and data[3:4] == b"0" and m < len(KANJI_FONTS):
        return replace(modes, kanji_font=m)
    if letter == b"C" and data[3:4] == b"0":
        return replace(modes, codes=replace(modes.codes, utf8=m == 2))
    return modes
