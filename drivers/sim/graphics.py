"""Pictures in the printer's language: raster, columns, QR codes, stored logos.

Each function reads the parameters of one command and gives a `Picture` at x = 0, or
None when the printer has nothing to print. Pure but for the QR library.
"""

from dataclasses import dataclass, field, replace
from typing import Final

import qrcode
from qrcode.exceptions import DataOverflowError

from drivers.sim.language import word
from drivers.sim.marks import Picture

_LEVELS: Final = {
    48: qrcode.ERROR_CORRECT_L,
    49: qrcode.ERROR_CORRECT_M,
    50: qrcode.ERROR_CORRECT_Q,
    51: qrcode.ERROR_CORRECT_H,
}


def raster(data: bytes) -> Picture | None:
    """GS v 0 m xL xH yL yH d…; bits of m double the width and the height."""
    across, down = word(data, 2), word(data, 4)
    doubled = data[1] & 3
    return scaled(across, down, data[6:], 1 + (doubled & 1), 1 + (doubled >> 1))


def columns(data: bytes) -> Picture | None:
    """ESC * m nL nH d…: 8 or 24 dots a column, in single or double density."""
    tall = 3 if data[0] in (32, 33) else 1
    count = word(data, 1)
    packed = bytearray(-(-count // 8) * tall * 8)
    stride = -(-count // 8)
    for x in range(count):
        for part in range(tall):
            byte = data[3 + x * tall + part]
            for bit in range(8):
                if byte & 0x80 >> bit:
                    packed[(part * 8 + bit) * stride + x // 8] |= 0x80 >> x % 8
    across = 1 if data[0] in (1, 33) else 2
    picture = scaled(stride, tall * 8, bytes(packed), across, 1 if tall == 3 else 3)
    return picture and replace(picture, width=count * across)


def scaled(stride: int, down: int, rows: bytes, x: int, y: int) -> Picture | None:
    """Packed rows of `stride` bytes, every dot `x` wide and `y` high."""
    if stride == 0 or down == 0:
        return None
    rows = rows[: stride * down].ljust(stride * down, b"\0")
    if x == 2:
        rows = b"".join(_DOUBLE[byte] for byte in rows)
    if y > 1:
        step = stride * x
        lines = (rows[at : at + step] for at in range(0, len(rows), step))
        rows = b"".join(line * y for line in lines)
    return Picture(0, stride * 8 * x, down * y, rows)


def _stretch(byte: int) -> bytes:
    wide = sum(3 << 2 * bit for bit in range(8) if byte >> bit & 1)
    return wide.to_bytes(2, "big")


_DOUBLE: Final = [_stretch(byte) for byte in range(256)]


@dataclass(slots=True)
class QrMaker:
    """GS ( k with cn = 31: size, error correction and data are kept until printed."""

    module: int = 3
    level: int = 48
    stored: bytes = b""

    def take(self, data: bytes) -> Picture | None:
        """One GS ( k; a picture when it says print."""
        if data[2:3] != b"1":
            return None
        match data[3], data[4:]:
            case 67, size:
                self.module = min(max(size[0], 1), 16)
            case 69, level:
                self.level = level[0] if level[0] in _LEVELS else self.level
            case 80, payload:
                self.stored = payload[1:]
            case 81, _:
                return self._symbol()
        return None

    def _symbol(self) -> Picture | None:
        if not self.stored:
            return None
        code = qrcode.QRCode(error_correction=_LEVELS[self.level], border=0)
        code.add_data(self.stored)
        try:
            code.make(fit=True)
        except (DataOverflowError, ValueError):
            return None  # a real printer prints nothing when the data does not fit
        return _drawn(code.get_matrix(), self.module, _spoken(self.stored))


def _spoken(payload: bytes) -> str:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return payload.decode("cp932", errors="backslashreplace")


def _drawn(matrix: list[list[bool]], module: int, says: str) -> Picture:
    side = len(matrix) * module
    rows = bytearray()
    for line in matrix:
        bits = "".join(("1" if dark else "0") * module for dark in line)
        bits = bits.ljust(-(-side // 8) * 8, "0")
        rows += int(bits, 2).to_bytes(len(bits) // 8, "big") * module
    return Picture(0, side, side, bytes(rows), qr=says)


@dataclass(slots=True)
class Graphics:
    """GS ( L and GS 8 L: one picture waiting to be printed, and logos by their key."""

    waiting: Picture | None = None
    logos: dict[bytes, Picture] = field(default_factory=dict)

    def take(self, data: bytes) -> Picture | None:
        """The parameters after the size: m fn …; a picture when it says print."""
        rest = data[2:]
        match data[1]:
            case 112 if len(rest) >= 8:
                self.waiting = _block(rest)
            case 2 | 50:
                picture, self.waiting = self.waiting, None
                return picture
            case 67 if len(rest) >= 9:
                logo = scaled(
                    -(-word(rest, 4) // 8), word(rest, 6), bytes(rest[9:]), 1, 1
                )
                if logo is not None:
                    self.logos[rest[1:3]] = logo
            case 66:
                self.logos.pop(rest[:2], None)
            case 69 if rest[:2] in self.logos:
                logo = self.logos[rest[:2]]
                return scaled(
                    logo.width // 8, logo.height, logo.rows, min(rest[2], 2), rest[3]
                )
        return None


def _block(data: bytes) -> Picture | None:
    """a bx by c xL xH yL yH d…: dots in raster order."""
    across, down = word(data, 4), word(data, 6)
    x, y = (2 if size == 2 else 1 for size in data[1:3])
    return scaled(-(-across // 8), down, bytes(data[8:]), x, y)
