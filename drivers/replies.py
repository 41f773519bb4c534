"""Everything a printer says, told apart: bytes in, typed replies out.

Law of this file: pure, incremental, and the only parser: an ASB may arrive between two
answers, XOFF even inside an ASB, a block in pieces. A DLE EOT answer does not say which
question it answers; who asked knows, because answers keep their order.

    first byte      is
    11, 13          XON, XOFF (serial lines)
    37 22 d d d d 00    the fence dddd was reached (GS ( H)
    37 25 00        the buffers were cleared (DLE DC4 8)
    5F … 00         text (GS I);  35, 3B, 3D … 00: other blocks
    0xx1xx10        answer to DLE EOT
    0xx1xx00        first of the four bytes of an ASB
    0xx0xxxx        answer to GS r
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RealTimeStatus:
    """One answer to DLE EOT."""

    byte: int


@dataclass(frozen=True, slots=True)
class Asb:
    """The unasked report of a change: four bytes, §GS a of the ESC/POS reference."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class FenceReached:
    """Everything before the fence of this id has been printed."""

    id: str


@dataclass(frozen=True, slots=True)
class BufferCleared:
    """Receive and print buffers are empty."""


@dataclass(frozen=True, slots=True)
class PaperReply:
    """The answer to GS r 1."""

    byte: int


@dataclass(frozen=True, slots=True)
class TextReply:
    """The answer to GS I, without header and NUL. Clones lie here."""

    text: bytes


@dataclass(frozen=True, slots=True)
class OtherBlock:
    """A block we did not ask for: header byte and body."""

    header: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Xon:
    """The printer takes data again."""


@dataclass(frozen=True, slots=True)
class Xoff:
    """The printer's buffer is full."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are none of these: a clone's own dialect, or a broken line."""

    raw: bytes


Reply = (
    RealTimeStatus
    | Asb
    | FenceReached
    | BufferCleared
    | PaperReply
    | TextReply
    | OtherBlock
    | Xon
    | Xoff
    | Noise
)

_XON, _XOFF = 0x11, 0x13
_BLOCKS = frozenset(b"\x35\x37\x3b\x3d\x5f")
_LONGEST_BLOCK = 256  # texts of GS I have at most 80 characters


class Parser:
    """Feed it what arrived, take what is complete. One per opened link."""

    def __init__(self) -> None:
        self._asb = b""
        self._block = b""

    def feed(self, arrived: bytes) -> list[Reply]:
        """The replies completed by these bytes, in order."""
        return [reply for byte in arrived for reply in self._take(byte)]

    def _take(self, byte: int) -> Iterator[Reply]:
        # Header and NUL frame a block: inside it nothing else is looked for, because
        # digits look like anything.
        if self._block:
            yield from self._in_block(byte)
        elif byte == _XON:
            yield Xon()
        elif byte == _XOFF:
            yield Xoff()
        elif self._asb:
            yield from self._in_asb(byte)
        else:
            yield from self._first(byte)

    def _first(self, byte: int) -> Iterator[Reply]:
        if byte in _BLOCKS:
            self._block = bytes([byte])
        elif byte & 0b1001_0011 == 0b0001_0010:
            yield RealTimeStatus(byte)
        elif byte & 0b1001_0011 == 0b0001_0000:
            self._asb = bytes([byte])
        elif byte & 0b1001_0000 == 0:
            yield PaperReply(byte)
        else:
            yield Noise(bytes([byte]))

    def _in_asb(self, byte: int) -> Iterator[Reply]:
        if byte & 0b1001_0000:  # not a byte of an ASB: the rest of it was lost
            yield from self._start_again(byte)
            return
        self._asb += bytes([byte])
        if len(self._asb) == 4:
            yield Asb(self._asb)
            self._asb = b""

    def _in_block(self, byte: int) -> Iterator[Reply]:
        if not _continues(self._block, byte):
            yield from self._start_again(byte)
            return
        self._block += bytes([byte])
        if byte == 0:
            yield _block(self._block[0], self._block[1:-1])
            self._block = b""

    def _start_again(self, byte: int) -> Iterator[Reply]:
        """The rest of what was begun is lost; `byte` starts something new."""
        yield Noise(self._asb + self._block)
        self._asb = self._block = b""
        yield from self._take(byte)


def _continues(block: bytes, byte: int) -> bool:
    """Whether `byte` can follow in a block: a lost NUL must not swallow the next."""
    if block[:2] == b"\x37\x22":
        return byte == 0 if len(block) == 6 else 0x20 <= byte <= 0x7E
    if block[:2] == b"\x37\x25":
        return byte == 0
    if block[0] == 0x5F:
        return byte == 0 or (byte >= 0x20 and len(block) < _LONGEST_BLOCK)
    return byte == 0 or len(block) < _LONGEST_BLOCK


def _block(header: int, body: bytes) -> Reply:
    if header == 0x37 and body[:1] == b"\x22":
        return FenceReached(body[1:].decode("ascii"))
    if header == 0x37 and body == b"\x25":
        return BufferCleared()
    if header == 0x5F:
        return TextReply(body)
    return OtherBlock(header, body)
