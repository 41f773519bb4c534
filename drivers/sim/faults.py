"""What can be wrong with the printer: faults one can switch, quirks of its making."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """Each can be switched on and, by mending it, off again."""

    PAPER_END = "paper_end"
    NEAR_END = "near_end"
    COVER_OPEN = "cover_open"
    CUTTER_JAM = "cutter_jam"
    MUTE = "mute"
    SLOW = "slow"
    CUT_LINK = "cut_link"
    POWER_OFF = "power_off"
    LATE_REPLIES = "late_replies"
    DOUBLE_REPLIES = "double_replies"
    LOST_REPLIES = "lost_replies"


class Misuse(ValueError):
    """The caller asked for something this printer does not have."""


@dataclass(frozen=True, slots=True)
class Quirks:
    """How this printer differs from a well-behaved one."""

    no_gsh: bool = False
    """GS ( H fences are not answered (older models, many clones)."""
    no_clear: bool = False
    """DLE DC4 8 is not known: the buffer cannot be emptied by the host."""
    mute_when_offline: bool = False
    """Nothing is answered with open cover or without paper (USB, LAN boards)."""
    asb_off_on_init: bool = True
    """ESC @ switches automatic status off."""
    cutter_needs_enq: bool = False
    """A cutter error stays until DLE ENQ, even when the paper was removed."""
    sjis_by_default: bool = False
    """Kanji in Shift_JIS without FS C 1 (clones)."""
    ibm_rows: bool = False
    """Shift_JIS FA–FC are kanji too (髙 as FB FC), not only EE E0."""
    poses_as_epson: bool = False
    """GS I claims to be a TM-T88VI, as clones do."""
    refuse_second: bool = False
    """A second connection is closed at once; else it waits for the first to end."""


ORDINARY: Final = Quirks()


def quirk(word: str, quirks: Quirks) -> Quirks:
    """`quirks` with one more, written `name` or `name=true` or `name=false`."""
    name, _, value = word.partition("=")
    known = [field.name for field in fields(Quirks)]
    if name not in known:
        raise Misuse(f"unknown quirk {name}; known are {', '.join(known)}")
    if value not in ("", "true", "false"):
        raise Misuse(f"quirk {name} is true or false, not {value}")
    chosen = {name: value != "false"}
    return Quirks(**({n: getattr(quirks, n) for n in known} | chosen))
