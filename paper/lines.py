"""What can stand on paper, and how much room it takes.

A line is a value: text in a size, a QR code, a rule, or empty paper. Widths are counted
in columns, the half-width cells of 12 dots that every receipt printer has; a kanji
takes two. Heights are counted in cells of 24 dots. At 203 dpi a millimetre is 8 dots.
"""

import unicodedata
from dataclasses import dataclass, replace
from typing import Final, Literal

from language.breaking import balanced_lines

WIDE: Final = 48
"""Columns of an 80 mm roll (576 dots, 72 mm printable)."""

NARROW: Final = 32
"""Columns of a 58 mm roll (384 dots, 48 mm printable)."""

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text. `width` and `height` are multiples of the cell, 1 to 8."""

    text: str
    width: int = 1
    height: int = 1
    bold: bool = False
    align: Align = "left"
    inverse: bool = False
    underline: bool = False

    def __post_init__(self) -> None:
        if not (1 <= self.width <= 8 and 1 <= self.height <= 8):
            raise ValueError(f"size {self.width}×{self.height} is not within 1 to 8")
        if any(unicodedata.category(character) == "Cc" for character in self.text):
            raise ValueError(
                f"{self.text!r} is not one line: it has control characters"
            )

    @property
    def columns(self) -> int:
        """The columns it takes in its width."""
        return columns(self.text) * self.width


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code of `data`; `module` is the side of one square in dots."""

    data: str
    module: Literal[4, 5, 6, 7, 8] = 5
    level: Literal["L", "M", "Q", "H"] = "M"
    align: Align = "center"

    def __post_init__(self) -> None:
        if not (self.data and self.data.isascii() and self.data.isprintable()):
            raise ValueError(f"a QR code holds plain ASCII text, not {self.data!r}")
        if not 4 <= self.module <= 8:
            raise ValueError(f"a QR module of {self.module} dots is not within 4 to 8")


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line from edge to edge."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty paper, so many lines of text high."""

    lines: int

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= 255:
            raise ValueError(f"a feed of {self.lines} lines is not within 1 to 255")


Line = Text | Qr | Rule | Feed


def columns(text: str) -> int:
    """How many half-width cells the text takes on a Japanese printer.

    A character of one byte in code page 932 is half-width, one of two bytes full-width:
    that is how the printer counts, ○ and × included. One it does not have is drawn as a
    picture and counted by its East Asian width.
    """
    return sum(_cells(character) for character in text)


def wrap(line: Text, language: str, room: int) -> tuple[Text, ...]:
    """The line as even lines of at most `room` columns, ended between phrases."""
    parts = balanced_lines(line.text, language, columns, room // line.width)
    return tuple(replace(line, text=part) for part in parts)


def _cells(character: str) -> int:
    try:
        return len(character.encode("cp932"))
    except UnicodeEncodeError:
        if unicodedata.combining(character):
            return 0
        return 2 if unicodedata.east_asian_width(character) in "WF" else 1
