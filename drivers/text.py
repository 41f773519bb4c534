"""Japanese text as a printer's ROM understands it, or a refusal that says why not.

Law of this file: pure, and never a "?": a character that cannot be printed is refused
when the text is saved, not replaced when a visitor stands there.
"""

import re
import unicodedata
from enum import Enum


class Rows(Enum):
    """Where a model keeps 髙, 﨑 and the other characters of IBM's extension."""

    NEC = "nec"
    """Rows ED and EE, inside the documented lead bytes; what Python's cp932 writes."""
    IBM = "ibm"
    """Rows FA to FC, as Windows writes them."""
    NONE = "none"
    """The ROM holds JIS X 0208 and NEC's special characters (①㈱№) alone."""


class Unprintable(ValueError):
    """`characters` of `text`, each once, are not in the printer's font."""

    def __init__(self, text: str, characters: str) -> None:
        self.text = text
        self.characters = characters
        named = " ".join(f"{c} (U+{ord(c):04X})" for c in characters if c.isprintable())
        hidden = " ".join(f"U+{ord(c):04X}" for c in characters if not c.isprintable())
        super().__init__(
            f"the printer has no {' '.join(filter(None, (named, hidden)))}: "
            "write it another way or print this line as a picture"
        )


_TWINS = str.maketrans(
    {
        "\u2014": "\u2015",  # em dash: JIS calls its long dash a horizontal bar
        "\u203e": "\uffe3",  # overline
        "\u00c5": "\u212b",  # NFC turns the angstrom sign of JIS into this letter
        "\u00a0": " ",
    }
)
# The same ink under another number: replacing these changes nothing on the paper.

_COMPATIBILITY = re.compile("([\uf900-\ufaff]+)")


def encode(text: str, rows: Rows = Rows.NEC) -> bytes:
    """Shift_JIS bytes of one line, or Unprintable with every character that has none.

    After NFC, so that a kana and its combining mark become one; not NFKC, which
    destroys ㈱, ① and half-width kana. Even NFC is kept from the compatibility
    ideographs: it would turn U+FA19 into U+795E, the other shape of the same name.
    """
    composed = "".join(
        part if _COMPATIBILITY.fullmatch(part) else unicodedata.normalize("NFC", part)
        for part in _COMPATIBILITY.split(text)
    ).translate(_TWINS)
    coded = [_character(character, rows) for character in composed]
    if lacking := [c for c, raw in zip(composed, coded, strict=True) if not raw]:
        raise Unprintable(text, "".join(dict.fromkeys(lacking)))
    return b"".join(coded)


def _character(character: str, rows: Rows) -> bytes:
    """The bytes of one character; empty when the printer has none for it."""
    if character == "\u00a5":
        return b"\x5c"  # the international set of Japan prints 5C as the yen sign
    if character == "\\":
        return b""  # ... and therefore has no backslash
    try:
        raw = character.encode("cp932")
    except UnicodeEncodeError:
        return b""
    if len(raw) == 1:
        return raw if 0x20 <= raw[0] <= 0x7E or 0xA1 <= raw[0] <= 0xDF else b""
    if 0xF0 <= raw[0] <= 0xF9:
        return b""  # private use: nothing in ROM
    if raw[0] in (0xED, 0xEE):
        return _extension(character, raw, rows)
    return raw


def _extension(character: str, nec: bytes, rows: Rows) -> bytes:
    match rows:
        case Rows.NEC:
            return nec
        case Rows.IBM:
            return _IBM.get(character, b"")
        case Rows.NONE:
            return b""


def _ibm_rows() -> dict[str, bytes]:
    """Rows FA to FC by character, from Python's own table read backwards."""
    table = {}
    for lead in (0xFA, 0xFB, 0xFC):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            raw = bytes([lead, trail])
            try:
                table[raw.decode("cp932")] = raw
            except UnicodeDecodeError:
                continue  # FC ends at 4B
    return table


_IBM = _ibm_rows()
