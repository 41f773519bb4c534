"""A ticket's lines in the printer's language (pure).

Only what changes from one line to the next is said again: 400 bytes reach a printer on
a serial line in a third of a second.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from drivers.commands import (
    SMOOTH,
    Align,
    Correction,
    align,
    bold,
    feed,
    inverse,
    qr,
    size,
    underline,
)
from drivers.text import Rows, encode
from paper.lines import Feed, Line, Qr, Rule, Text

_ALIGN = {"left": Align.LEFT, "center": Align.CENTER, "right": Align.RIGHT}


@dataclass(frozen=True, slots=True)
class _Style:
    """What the printer keeps from line to line; this is what the prologue leaves."""

    align: Align = Align.LEFT
    width: int = 1
    height: int = 1
    bold: bool = False
    inverse: bool = False
    underline: bool = False


def document(lines: Iterable[Line], *, columns: int, rows: Rows) -> bytes:
    """The bytes between prologue and cut; raises `Unprintable` for a lacking glyph.

    `columns` is the width of the roll, `rows` where the model keeps IBM's kanji.
    """
    return SMOOTH + b"".join(_parts(lines, columns, rows))


def _parts(lines: Iterable[Line], columns: int, rows: Rows) -> Iterator[bytes]:
    style = _Style()
    for line in lines:
        match line:
            case Text():
                wanted = _Style(
                    _ALIGN[line.align],
                    line.width,
                    line.height,
                    line.bold,
                    line.inverse,
                    line.underline,
                )
                yield _change(style, wanted)
                yield encode(line.text, rows) + b"\n"
                style = wanted
            case Qr():
                wanted = replace(style, align=_ALIGN[line.align])
                yield _change(style, wanted)
                yield qr(
                    line.data, module=line.module, correction=Correction[line.level]
                )
                style = wanted
            case Rule():
                yield _change(style, _Style())
                yield encode("─" * (columns // 2), rows) + b"\n"
                style = _Style()
            case Feed():
                # An empty line is the shorter way to say one.
                yield b"\n" if line.lines == 1 else feed(line.lines)


def _change(old: _Style, new: _Style) -> bytes:
    said = b""
    if old.align != new.align:
        said += align(new.align)
    if (old.width, old.height) != (new.width, new.height):
        said += size(new.width, new.height)
    if old.bold != new.bold:
        said += bold(new.bold)
    if old.inverse != new.inverse:
        said += inverse(new.inverse)
    if old.underline != new.underline:
        said += underline(new.underline)
    return said
