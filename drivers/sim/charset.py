"""Bytes of text become characters: code pages, Shift_JIS, JIS, UTF-8.

`Codes` is what the host selected (ESC t, ESC R, FS &, FS C, FS ( C); `read` turns a run
of bytes into characters with their width. Nothing is guessed: a code the ROM lacks
becomes 〓, as on paper. Pure.
"""

from dataclasses import dataclass
from typing import Final

MISSING: Final = "〓"

_PAGES: Final = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858",
}  # fmt: skip
KATAKANA: Final = 1
_KATAKANA_LOW: Final = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯"  # 80–9F
_KATAKANA_HIGH: Final = "═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▒ "  # E0–FF
_JAPAN: Final = 8
_YEN: Final = 0x5C


@dataclass(frozen=True, slots=True)
class Codes:
    """`system`: 0 JIS, 1 Shift_JIS; `last_lead` bounds the ROM's Shift_JIS rows."""

    page: int = 0
    country: int = 0
    system: int = 0
    kanji_mode: bool = False
    utf8: bool = False
    last_lead: int = 0xEF


@dataclass(frozen=True, slots=True)
class Character:
    """`code` is the two-byte code, by which 外字 are found; 0 for one byte."""

    text: str
    wide: bool
    code: int = 0


def read(data: bytes, codes: Codes) -> tuple[list[Character], bytes]:
    """The characters of `data`, and the half character left over at its end."""
    if codes.utf8:
        return _utf8(data)
    found: list[Character] = []
    at = 0
    while at < len(data):
        if not _is_lead(data[at], codes):
            found.append(_single(data[at], codes))
            at += 1
        elif at + 1 < len(data):
            found.append(_double(data[at : at + 2], codes))
            at += 2
        else:
            break
    return found, data[at:]


def _is_lead(byte: int, codes: Codes) -> bool:
    if codes.system in (1, 2):
        # Shift_JIS needs no FS &: its leads never clash with half-width kana.
        return 0x81 <= byte <= 0x9F or 0xE0 <= byte <= codes.last_lead
    return codes.kanji_mode and 0x21 <= byte <= 0x7E


def _single(byte: int, codes: Codes) -> Character:
    if byte == _YEN and codes.country == _JAPAN:
        return Character("¥", wide=False)
    if byte < 0x80:
        return Character(chr(byte) if byte != 0x7F else " ", wide=False)
    if codes.page == KATAKANA:
        return Character(_katakana(byte), wide=False)
    page = _PAGES.get(codes.page, "cp437")
    text = bytes([byte]).decode(page, errors="replace").replace("\ufffd", " ")
    return Character(text, wide=False)


def _katakana(byte: int) -> str:
    if byte <= 0x9F:
        return _KATAKANA_LOW[byte - 0x80]
    if 0xA1 <= byte <= 0xDF:
        return chr(0xFF61 + byte - 0xA1)
    return _KATAKANA_HIGH[byte - 0xE0] if byte >= 0xE0 else " "


def _double(pair: bytes, codes: Codes) -> Character:
    code = pair[0] << 8 | pair[1]
    if codes.system not in (1, 2):
        pair = bytes([0x1B, 0x24, 0x42]) + pair
    try:
        text = pair.decode("cp932" if codes.system in (1, 2) else "iso2022_jp")
    except UnicodeDecodeError:
        text = MISSING
    return Character(text if len(text) == 1 else MISSING, wide=True, code=code)


def _utf8(data: bytes) -> tuple[list[Character], bytes]:
    for cut in range(min(4, len(data) + 1)):  # up to three bytes may still be missing
        whole = data[: len(data) - cut]
        try:
            text = whole.decode("utf-8")
        except UnicodeDecodeError:
            continue
        return [Character(c, _is_wide(c)) for c in text], data[len(whole) :]
    text = data.decode("utf-8", errors="replace").replace("\ufffd", MISSING)
    return [Character(c, _is_wide(c)) for c in text], b""


def _is_wide(char: str) -> bool:
    """Whether the Japanese ROM has it in a full-width cell."""
    if char < "\u0080" or "\uff61" <= char <= "\uff9f" or char == "¥":
        return False
    try:
        return len(char.encode("cp932")) == 2
    except UnicodeEncodeError:
        return char >= "\u2e80"
