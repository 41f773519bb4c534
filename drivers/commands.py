"""The printer's language outwards: what we say, as bytes.

Law of this file: pure. Native Japanese text in Shift_JIS, a native QR, and the
questions a printer can be asked. Bytes are as printed in Epson's ESC/POS reference; the
models that differ are told apart by `drivers.profile`.
"""

from enum import IntEnum

from drivers.text import Rows as Rows
from drivers.text import Unprintable as Unprintable
from drivers.text import encode as encode

ESC, FS, GS, DLE = b"\x1b", b"\x1c", b"\x1d", b"\x10"

INITIALISE = ESC + b"@"
JAPAN = ESC + b"R\x08"  # 5C prints the yen sign
KATAKANA = ESC + b"t\x01"  # A1-DF are half-width kana; no clash with a lead byte
SHIFT_JIS = FS + b"C\x01"
REPORT_CHANGES = GS + b"a\x0e"
"""ASB for on/offline, error and paper. ESC @ may stop it, so it ends the prologue."""

PROLOGUE = INITIALISE + JAPAN + KATAKANA + SHIFT_JIS + REPORT_CHANGES
"""Starts every ticket: whatever the one before left behind is gone."""

CUT = GS + b"V\x01"
"""Partial cut: one point holds the ticket until the visitor takes it."""

CLEAR = DLE + b"\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 8: empty the receive and print buffers, at once; answered by `37 25 00`."""

RECOVER_CLEARED = DLE + b"\x05\x02"
"""DLE ENQ 2: leave a recoverable error (cutter) with the buffers emptied."""

ASK_PAPER = GS + b"r\x01"
"""Queued behind the data, so its answer says that the data was processed."""


class Question(IntEnum):
    """What DLE EOT can be asked; the one byte it answers does not say which it was."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4


class Name(IntEnum):
    """What GS I answers in text. Clones lie here: for the log only."""

    FIRMWARE = 65
    MAKER = 66
    MODEL = 67
    SERIAL = 68


class Align(IntEnum):
    LEFT = 0
    CENTER = 1
    RIGHT = 2


class Correction(IntEnum):
    """Error correction of the QR, with its ESC/POS number."""

    L = 0x30
    M = 0x31
    Q = 0x32
    H = 0x33


def ask(*questions: Question) -> bytes:
    """Real-time status requests; at most four may be under way at a time."""
    if len(questions) > 4:
        raise ValueError("at most 4 DLE EOT in a row; wait for the replies first")
    return b"".join(DLE + b"\x04" + bytes([q]) for q in questions)


def ask_name(name: Name) -> bytes:
    return GS + b"I" + bytes([name])


def fence(id: str) -> bytes:
    """GS ( H 48: answered with `id` (4 characters) when all before it is on paper."""
    raw = id.encode("ascii")
    if len(raw) != 4 or not all(0x20 <= byte <= 0x7E for byte in raw):
        raise ValueError(f"a fence id is 4 printable ASCII characters, not {id!r}")
    return GS + b"(H\x06\x00\x30\x30" + raw


def line(text: str, rows: Rows = Rows.NEC) -> bytes:
    """One line of text and its end; Unprintable when a character is not in ROM."""
    return encode(text, rows) + b"\n"


def size(width: int = 1, height: int = 1) -> bytes:
    """1 to 8 times in each direction; holds for kanji too."""
    if not (1 <= width <= 8 and 1 <= height <= 8):
        raise ValueError(f"characters grow 1 to 8 times, not {width} x {height}")
    return GS + b"!" + bytes([(width - 1) << 4 | (height - 1)])


def align(where: Align) -> bytes:
    """Takes effect only at the beginning of a line."""
    return ESC + b"a" + bytes([where])


def bold(on: bool) -> bytes:
    return ESC + b"E" + bytes([on])


def underline(on: bool) -> bytes:
    """Both for one-byte characters (ESC -) and for kanji (FS -)."""
    return ESC + b"-" + bytes([on]) + FS + b"-" + bytes([on])


def inverse(on: bool) -> bytes:
    """White on black."""
    return GS + b"B" + bytes([on])


SMOOTH = GS + b"b\x01"
"""Round the corners of enlarged characters. A model without it prints them square."""


def feed(lines: int) -> bytes:
    """Print the line buffer and feed `lines` lines."""
    if not 0 <= lines <= 255:
        raise ValueError(f"0 to 255 lines can be fed at once, not {lines}")
    return ESC + b"d" + bytes([lines])


def qr(data: str, *, module: int = 6, correction: Correction = Correction.M) -> bytes:
    """A native QR of printable ASCII, `module` (1 to 16) dots a module.

    Model 2, module size, correction, store, print: GS ( k functions 165, 167, 169, 180
    and 181. Capitals, digits and `$%*+-./:` stay in the smaller alphanumeric mode.
    """
    if not 1 <= module <= 16:
        raise ValueError(f"a QR module has 1 to 16 dots, not {module}")
    if not data or not data.isascii() or not data.isprintable():
        # Printable ASCII also has no 10 04, 10 05, 10 14, which a printer executes even
        # inside the data of another command.
        raise ValueError("a QR holds printable ASCII, at least one character")
    payload = data.encode("ascii")
    if len(payload) > 4296:
        raise ValueError(f"{len(payload)} characters do not fit in a QR")
    stored = (len(payload) + 3).to_bytes(2, "little")
    return (
        GS
        + b"(k\x04\x00\x31\x41\x32\x00"
        + GS
        + b"(k\x03\x00\x31\x43"
        + bytes([module])
        + GS
        + b"(k\x03\x00\x31\x45"
        + bytes([correction])
        + GS
        + b"(k"
        + stored
        + b"\x31\x50\x30"
        + payload
        + GS
        + b"(k\x03\x00\x31\x51\x30"
    )
