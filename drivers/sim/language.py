"""The printer's language: a stream of bytes becomes commands.

`take` looks at the front of a buffer and says which command stands there, or that more
bytes are needed. It knows how long every command is, which is why a truncated one eats
whatever is sent next, exactly as in a real printer. Pure.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Buffer = bytes | bytearray
Length = Callable[[Buffer, int], int | None]
"""(buffer, where the parameters begin) → number of parameter bytes, None if unknown."""

ESC: Final = 0x1B
FS: Final = 0x1C
GS: Final = 0x1D
TEXT: Final = "text"

_RUN: Final = re.compile(rb"[\x20-\xff]+")
_CONTROLS: Final = {0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}


@dataclass(frozen=True, slots=True)
class Command:
    """`name` as the manuals write it (`GS ( k`, or `text`); `data` its parameters."""

    name: str
    data: bytes
    size: int
    """How many bytes of the stream it took."""


def take(buffer: Buffer, at: int = 0) -> Command | None:
    """The command at `at`, or None while its bytes are not all there."""
    if at >= len(buffer):
        return None
    if run := _RUN.match(buffer, at):
        return Command(TEXT, bytes(run.group()), run.end() - at)
    first = buffer[at]
    if first not in _LENGTHS:
        return Command(_CONTROLS.get(first, "NUL"), b"", 1)
    if at + 1 >= len(buffer):
        return None
    second = chr(buffer[at + 1])
    name = f"{_PREFIX[first]} {second}"
    count = _LENGTHS[first].get(second, _NONE)(buffer, at + 2)
    if count is None or at + 2 + count > len(buffer):
        return None
    return Command(name, bytes(buffer[at + 2 : at + 2 + count]), 2 + count)


def word(data: Buffer, at: int) -> int:
    """The 16-bit number, low byte first, at `at`."""
    return data[at] | data[at + 1] << 8


def _fixed(count: int) -> Length:
    return lambda buffer, start: count


def _after(header: int, rest: Callable[[Buffer], int]) -> Length:
    """A header of that many bytes which tells how many follow it."""

    def length(buffer: Buffer, start: int) -> int | None:
        head = buffer[start : start + header]
        return header + rest(head) if len(head) == header else None

    return length


def _until_nul(skip: int) -> Length:
    def length(buffer: Buffer, start: int) -> int | None:
        end = buffer.find(0, start + skip)
        return None if end < 0 else end - start + 1

    return length


def _by_first(longer: dict[int, int], otherwise: int) -> Length:
    """The first parameter decides the number of all."""

    def length(buffer: Buffer, start: int) -> int | None:
        if start >= len(buffer):
            return None
        return longer.get(buffer[start], otherwise)

    return length


def _barcode(buffer: Buffer, start: int) -> int | None:
    if start >= len(buffer):
        return None
    if buffer[start] <= 6:
        return _until_nul(1)(buffer, start)
    return _after(2, lambda head: head[1])(buffer, start)


def _own_characters(buffer: Buffer, start: int) -> int | None:
    """ESC & y c1 c2, then for each character its width and its columns."""
    if start + 3 > len(buffer):
        return None
    height, first, last = buffer[start : start + 3]
    at = start + 3
    for _ in range(first, last + 1):
        if at >= len(buffer):
            return None
        at += 1 + buffer[at] * height
    return at - start


def _old_logos(buffer: Buffer, start: int) -> int | None:
    """FS q n, then for each picture its size and its bytes."""
    if start >= len(buffer):
        return None
    at = start + 1
    for _ in range(buffer[start]):
        if at + 4 > len(buffer):
            return None
        at += 4 + word(buffer, at) * word(buffer, at + 2) * 8
    return at - start


def _columns(head: Buffer) -> int:
    return word(head, 1) * (3 if head[0] in (32, 33) else 1)


_NONE: Final = _fixed(0)
_ONE: Final = _fixed(1)
_TWO: Final = _fixed(2)
_SIZED: Final = _after(3, lambda head: word(head, 1))
_WIDE: Final = _after(
    5, lambda head: word(head, 1) | word(head, 3) << 16
)  # GS 8 L p1 p2 p3 p4

_PREFIX: Final = {ESC: "ESC", FS: "FS", GS: "GS"}
_LENGTHS: Final[dict[int, dict[str, Length]]] = {
    ESC: dict.fromkeys(" !%-3=?EGJKMRTVadertu{", _ONE)
    | {
        "$": _TWO,
        "&": _own_characters,
        "(": _SIZED,
        "*": _after(3, _columns),
        "D": _until_nul(0),
        "W": _fixed(8),
        "\\": _TWO,
        "c": _TWO,
        "p": _fixed(3),
    },
    FS: dict.fromkeys("!-CW", _ONE)
    | {
        "(": _SIZED,
        "2": _fixed(2 + 72),
        "?": _TWO,
        "S": _TWO,
        "g": _by_first({0x31: 8, 0x32: 8}, 1),
        "p": _TWO,
        "q": _old_logos,
    },
    GS: dict.fromkeys("!/BEHITabfhrwx|", _ONE)
    | {
        "$": _TWO,
        "(": _SIZED,
        "*": _after(2, lambda head: head[0] * head[1] * 8),
        "8": _WIDE,
        "C": _by_first({0x30: 3, 0x31: 7, 0x32: 3}, 1),
        "L": _TWO,
        "P": _TWO,
        "V": _by_first(dict.fromkeys((65, 66, 97, 98, 103, 104), 2), 1),
        "W": _TWO,
        "\\": _TWO,
        "^": _fixed(3),
        "g": _fixed(4),
        "k": _barcode,
        "v": _after(6, lambda head: word(head, 2) * word(head, 4)),
        "z": _fixed(3),
    },
}
