"""Style sheets, scripts and the font of the pages, under an address that names them.

The address holds a fingerprint of all of them, so a browser may keep them for ever and
still gets the new ones with the first page after an update.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import assets

FOLDER: Final = Path(__file__).parent / "static"
FONT: Final = "fonts/BIZUDPGothic-Bold.ttf"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it goes out."""

    body: bytes
    media_type: str


@cache
def files() -> dict[str, StaticFile]:
    """Every static file by its path below the fingerprint, read once."""
    found = {
        path.relative_to(FOLDER).as_posix(): StaticFile(
            path.read_bytes(), _TYPES[path.suffix]
        )
        for path in sorted(FOLDER.rglob("*.*"))
    }
    found[FONT] = StaticFile(assets.find(FONT).read_bytes(), _TYPES[".ttf"])
    return found


@cache
def fingerprint() -> str:
    """Changes when any of the files does."""
    digest = sha256()
    for name, file in files().items():
        digest.update(name.encode() + b"\0" + file.body)
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where the page finds that file; KeyError if there is none."""
    files()[name]
    return f"/static/{fingerprint()}/{name}"
