"""What a printer model can do, and how long it is waited for.

A profile is what is known before the link is opened; what it leaves open (`fence=None`)
is probed when the printer first answers in good health. GS I is not asked for this:
clones answer "TM-T88III".
"""

from dataclasses import dataclass
from enum import StrEnum

from drivers.text import Rows


class Fence(StrEnum):
    """How a model confirms that paper came out, with the grade of that evidence."""

    GS_H = "gsh"
    """GS ( H 48: the engine finished the lines before the fence. Grade A."""
    GS_R = "gsr"
    """GS r 1 answered: the data was processed, the engine may lag. Grade B."""
    NONE = "none"
    """Only a healthy status through the time it takes to print. Grade C."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`fence=None`: probe it. `feed` is in lines: from the last one past the cutter."""

    name: str
    fence: Fence | None = None
    clear: bool = False
    """DLE DC4 8 empties its buffers and it says so. Not probed: it would destroy."""
    rows: Rows = Rows.NEC
    presenter: bool = False
    """It holds the ticket at its mouth: some paper-end bits mean "not yet taken"."""
    feed: int = 4
    columns: int = 48
    """Half-width characters in a line: 48 at 80 mm paper, 32 at 58 mm."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. A 130 mm ticket takes at most 1.5 s from first byte to cut."""

    preflight: float = 0.3
    probe: float = 1.0
    mechanical: float = 2.0
    """The longest a healthy printer moves after the last byte."""
    poll: float = 1.0
    warn: float = 5.0
    decide: float = 10.0
    cut: float = 2.0
    """What the cut may take at least, however long the lines took."""


EPSON = Profile("epson", fence=Fence.GS_H, clear=True)
"""TM-T88IV and later, T20, T70, m30, m50, T82/83, T90, T100, L90, L100, EU-m30."""

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        EPSON,
        Profile("epson-58", fence=Fence.GS_H, clear=True, columns=32),
        Profile("epson-old", fence=Fence.GS_R),
        Profile("citizen", clear=True),
        Profile("citizen-ppu", clear=True, presenter=True),
        Profile("generic"),
    )
}
"""By the name the settings use; docs/hardware.md says which model takes which."""
