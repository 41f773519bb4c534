"""Fonts, pictograms and translations: what is shipped, whole, and fits together."""

import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Final

from kiosk.doctor.verdict import Verdict, fault, ok
from kiosk.ui.fonts import FILES
from language.words import FIRST, BadTranslation, Words, differences, read

_AGAIN: Final = "install the program again"
_TRUETYPE: Final = b"\x00\x01\x00\x00"
PICTOGRAMS: Final = frozenset(
    {
        "back",
        "cancel",
        "check",
        "clock",
        "down",
        "language",
        "lock",
        "notice",
        "paper",
        "paper_out",
        "people",
        "phone",
        "place",
        "staff",
        "ticket",
        "wrench",
    }
)
"""What the screens draw by themselves, whatever the office offers."""


def fonts(assets: Path) -> Verdict:
    """Every font of the screen is there to its last byte."""
    for name in sorted(FILES.values()):
        if why := _font_fault(assets / name):
            return fault("fonts", f"{assets / name} {why}: {_AGAIN}")
    return ok("fonts", f"{len(FILES)} whole")


def _font_fault(path: Path) -> str:
    """Empty if the file holds everything that its table of contents names.

    TrueType: a head of 12 bytes, then 16 for each table (tag, sum, offset, length).
    """
    try:
        content = path.read_bytes()
    except OSError as exc:
        return f"cannot be read ({exc.strerror})"
    if content[:4] != _TRUETYPE:
        return "is no font"
    (tables,) = struct.unpack_from(">H", content, 4)
    if len(content) < 12 + 16 * tables:
        return "is cut off"
    for index in range(tables):
        offset, length = struct.unpack_from(">II", content, 12 + 16 * index + 8)
        if offset + length > len(content):
            return "is cut off"
    return ""


def pictograms(assets: Path, offered: frozenset[str]) -> Verdict:
    """The screens' own, and those that the office's procedures name (`offered`)."""
    for name in sorted(PICTOGRAMS | offered):
        path = assets / "pictograms" / f"{name}.svg"
        try:
            ElementTree.fromstring(path.read_text("utf-8"))
        except FileNotFoundError:
            if name in PICTOGRAMS:
                return fault("pictograms", f"{path} is missing: {_AGAIN}")
            return fault(
                "pictograms",
                f"the catalogue names the pictogram {name}, which is not there:"
                " correct the office's file at the server",
            )
        except (OSError, ValueError, ElementTree.ParseError):
            return fault("pictograms", f"{path} is damaged: {_AGAIN}")
    return ok("pictograms", f"{len(PICTOGRAMS | offered)} present")


def translations(assets: Path, wanted: frozenset[str]) -> Verdict:
    """Every language says the same things, and those the office wants are there."""
    folder = assets / "translations"
    found = sorted(p.parent.name for p in folder.glob("*/common.toml"))
    if missing := sorted({FIRST, *wanted} - set(found)):
        return fault("translations", f"no {', '.join(missing)} in {folder}: {_AGAIN}")
    try:
        words = {name: Words(name, read(folder / name)) for name in found}
    except (BadTranslation, OSError) as exc:
        return fault("translations", f"{exc}: {_AGAIN}")
    for name in found:
        if lacks := differences(words[FIRST], words[name]):
            return fault("translations", f"{lacks[0]}: {_AGAIN}")
    return ok("translations", ", ".join(found))
