"""Fonts, pictograms, sounds and translations: files, each with its licence beside it.

Law of this room: no logic but finding a file.
"""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent


def find(name: str) -> Path:
    """The asset of that name relative to this folder: `fonts/BIZUDPGothic-Bold.ttf`."""
    path = ROOT / name
    if not path.is_file():
        raise FileNotFoundError(f"asset {name} is missing from {ROOT}")
    return path
